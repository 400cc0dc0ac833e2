#include "CBuildFacts.h"

#ifndef PROA_GIT_COMMIT
#define PROA_GIT_COMMIT ""
#endif
#ifndef PROA_BUILD_TIME
#define PROA_BUILD_TIME ""
#endif

const char *proa_git_commit(void) { return PROA_GIT_COMMIT; }

const char *proa_build_time(void) { return PROA_BUILD_TIME; }
