/* SPDX-License-Identifier: BSD-2-Clause */
#include "check_rules.h"

#include <stdio.h>
#include <string.h>

unsigned check_rule_find(const struct check_rule *rules, const char *name)
{
    unsigned rule = 0;
    while (rules[rule].name && strcmp(rules[rule].name, name) != 0)
        rule++;
    return rule;
}

void check_rules_print(const struct check_rule *rules, const char *indent)
{
    for (; rules->name; rules++)
        printf("%s%-15s %-8s %s\n", indent, rules->name, rules->clause, rules->text);
}
