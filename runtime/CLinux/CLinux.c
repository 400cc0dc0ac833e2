// What cannot be in the header: state.
#include "CLinux.h"

static char **arguments;

// glibc hands them to every constructor; `CommandLine` would need the whole of Swift's runtime.
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  (void)count;
  arguments = values;
}

char **proa_arguments(void) { return arguments; }
