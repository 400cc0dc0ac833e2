// A target needs a translation unit.
#include "CLibrary.h"
