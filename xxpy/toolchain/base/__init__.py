"""Base sysroots: start files, libc, headers and runtimes for a target, made from the parts of the ``ziglang`` wheel.

``parts`` asks zig what a link needs, ``store`` keeps what was made of it, ``builtins`` cuts compiler-rt to what the compiler asks for, and
``elf`` lays out the base of a system with ELF binaries.
"""
