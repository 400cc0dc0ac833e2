#ifndef CBUILDFACTS_H
#define CBUILDFACTS_H

/// The commit that this was built from; empty if hack/build did not say.
const char *proa_git_commit(void);

/// When it was built, RFC 3339; empty if hack/build did not say.
const char *proa_build_time(void);

#endif
