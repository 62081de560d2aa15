/* SPDX-License-Identifier: BSD-2-Clause */
/* check_rules: the rules of a checker as a table, in the order of its enum. */
#ifndef TESTS_CHECK_RULES_H
#define TESTS_CHECK_RULES_H

struct check_rule {
    const char *name, *clause, *text; /* text: what it demands */
};

/* A row of the table, for the map of a checker; CHECK_RULES_END is the last. */
#define CHECK_RULE(id, name, clause, text) {name, clause, text},
#define CHECK_RULES_END                                                                            \
    {                                                                                              \
        0, 0, 0                                                                                    \
    }

/* Index of the rule of that name, the count of rules if there is none. */
unsigned check_rule_find(const struct check_rule *rules, const char *name);

/* Prints the table, each line after `indent`. */
void check_rules_print(const struct check_rule *rules, const char *indent);

#endif
