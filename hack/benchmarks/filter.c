// filter DEFAULT_ACTION ARCHITECTURE... < RULES > FILTER: the instructions that libseccomp makes of a profile. An action is
// a number, an architecture a name ("x86_64"); a rule is a line "ACTION NAME [INDEX OPERATOR VALUE VALUE_TWO]...", with
// libseccomp's number of the operator. A system call that libseccomp does not know is left out, as runtimes do.
#include <err.h>
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST(call) ({ int value = (call); if (value < 0) { errno = -value; err(1, "%s", #call); } value; })

static void add(scmp_filter_ctx filter, char *line) {
  struct scmp_arg_cmp conditions[6];
  unsigned action, index, operator, count = 0;
  unsigned long first, second;
  char name[64];
  int used;
  if (sscanf(line, "%u %63s%n", &action, name, &used) != 2) errx(1, "not a rule: %s", line);
  for (line += used; count < 6 && sscanf(line, "%u %u %lu %lu%n", &index, &operator, &first, &second, &used) == 4; line += used)
    conditions[count++] = (struct scmp_arg_cmp){index, operator, first, second};
  int number = seccomp_syscall_resolve_name(name);
  if (number != __NR_SCMP_ERROR) MUST(seccomp_rule_add_array(filter, action, number, count, conditions));
}

int main(int count, char **arguments) {
  if (count < 2) errx(1, "usage: filter DEFAULT_ACTION ARCHITECTURE... < RULES > FILTER");
  scmp_filter_ctx filter = seccomp_init(strtoul(arguments[1], 0, 10));
  MUST(seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0));
  for (char **name = arguments + 2; *name; name++) {
    int result = seccomp_arch_add(filter, seccomp_arch_resolve_name(*name));
    if (result != -EEXIST) MUST(result); // this machine's own is there from the beginning
  }
  char line[512];
  while (fgets(line, sizeof line, stdin)) add(filter, line);
  MUST(seccomp_export_bpf(filter, 1));
}
