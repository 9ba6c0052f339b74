/* The start files of GCC and of Rust's windows-gnu call these functions to register a program's unwinding tables in DWARF format.
 *
 * libgcc keeps a list of them (https://gcc.gnu.org/git/?p=gcc.git;a=blob;f=libgcc/unwind-dw2-fde.c); LLVM's libunwind finds the section
 * .eh_frame of each loaded module by itself, so there is nothing to do.
 */
void __register_frame_info(const void *begin, void *object) { (void)begin, (void)object; }
void *__deregister_frame_info(const void *begin) {
  (void)begin;
  return 0;
}
