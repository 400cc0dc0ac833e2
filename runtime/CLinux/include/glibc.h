// The view of the C library that all of CLinux has; included before anything else of the library.
//
// Swift's own import of glibc is made without _GNU_SOURCE, and clang refuses two definitions of one type in a Swift file:
// the types that _GNU_SOURCE changes are defined first, as Swift sees them, and only then is the rest asked for.
#pragma once

#include <features.h>
#include <sys/resource.h>
#include <sys/select.h>

#ifndef __USE_GNU
#define __USE_GNU 1
#endif
