# The book, ready to read and to run, where MXNet has no package: on Windows, and on a Mac with Apple silicon. It is built
# for the processor at hand, x86-64 or ARM, so that nothing is emulated.
#   docker build -t optimisation . && docker run --rm -p 8888:8888 optimisation
FROM debian:trixie-slim

RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates git make python3 python3-venv libgomp1 \
        $([ "$(uname -m)" = aarch64 ] && echo libopenblas0-pthread liblapacke || echo libquadmath0) \
    && rm -rf /var/lib/apt/lists/*

# Binder says which number the user must have.
ARG NB_USER=reader
ARG NB_UID=1000
RUN useradd --create-home --shell /bin/bash --uid "$NB_UID" "$NB_USER"
USER $NB_USER
WORKDIR /home/$NB_USER/book
COPY --chown=$NB_UID . .

ENV LANG=C.UTF-8 SHELL=/bin/bash PATH="/home/$NB_USER/book/.venv/bin:$PATH"
ENV JUPYTER_CONFIG_PATH=/home/$NB_USER/book/jupyter
# Binder starts what it knows as jupyter-notebook.
RUN make html && python scripts/playground.py && jupyter-trust playground/*.ipynb \
    && ln -s jupyter-lab .venv/bin/jupyter-notebook

EXPOSE 8888
CMD ["jupyter", "lab", "--ip=0.0.0.0", "--no-browser", "playground", "--LabApp.default_url=/lab/tree/%E7%9B%AE%E5%BD%95.md"]
