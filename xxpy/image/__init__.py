"""Images without a daemon: OCI layouts and archives with an index, one manifest per platform.

Everything follows the OCI image specification (https://github.com/opencontainers/image-spec). The
same input gives the same bytes: entries are sorted, belong to root, and have the same time
(``SOURCE_DATE_EPOCH``, or else 1970). Pushing to registries is left to skopeo, oras and docker.
"""
