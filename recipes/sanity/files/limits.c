/* GCC's limits.h is only half of one when it was made before the C library's was there. */
#include <limits.h>

#ifndef PATH_MAX
#error PATH_MAX is missing: limits.h does not reach the one of the kernel
#endif
#ifndef MB_LEN_MAX
#error MB_LEN_MAX is missing: limits.h is not complete
#endif
#ifndef _POSIX_ARG_MAX
#error _POSIX_ARG_MAX is missing: limits.h does not reach the one of the C library
#endif

_Static_assert(PATH_MAX == 4096, "PATH_MAX of Linux");
_Static_assert(MB_LEN_MAX == 16, "MB_LEN_MAX of glibc");
_Static_assert(_POSIX_ARG_MAX == 4096, "_POSIX_ARG_MAX of POSIX");
_Static_assert(INT_MAX == 2147483647, "INT_MAX");
