"""A language server for Dockerfiles: diagnostics, quick fixes, hover.

:mod:`~xxpy.dockerfile.lsp.server` speaks the protocol, with pygls; it needs the extra ``lsp``.
:mod:`~xxpy.dockerfile.lsp.changes` and :mod:`~xxpy.dockerfile.lsp.hover` are plain text and
numbers.
"""
