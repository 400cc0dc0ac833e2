// What cannot be in the header: state.
#include "CLinux.h"

static char **arguments;

// `CommandLine` would need the whole of Swift's runtime, and not every C library hands them to constructors. The System V ABI
// (§Process Initialization) has their number, themselves, a null and then the environment, one after the other.
__attribute__((constructor)) static void keep_arguments(void) {
  char **end = environ - 1;
  intptr_t count = 0;
  // No pointer is as small as their number.
  while ((intptr_t)end[-1 - count] != count) count++;
  arguments = end - count;
}

char **proa_arguments(void) { return arguments; }
