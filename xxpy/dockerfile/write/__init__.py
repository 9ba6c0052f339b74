"""New Dockerfiles and parts of them, from ``templates/dockerfile`` and the table."""
