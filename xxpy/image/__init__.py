"""Images without a daemon: OCI layouts and archives with an image index, one manifest a platform.

Everything follows the OCI image specification (https://github.com/opencontainers/image-spec). The
same input gives the same bytes: entries are sorted, belong to root, and carry one time
(``SOURCE_DATE_EPOCH``, else 1970). Registries are the business of skopeo, oras and docker.
"""
