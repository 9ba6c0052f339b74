#ifdef _WIN32
__declspec(dllexport)
#endif
int twice(int number) { return 2 * number; }
