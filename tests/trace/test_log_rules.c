/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables of rules: docs/log.md has each of them in the tables' words. With LOG_RULES_WRITE in the environment the
 * document's tables are written anew instead.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "controllers/adi/adi_dmac_state.h"
#include "controllers/dw_ahb/dw_ahb_state.h"
#include "controllers/i8237/i8237_state.h"
#include "host/mappings/mappings.h"
#include "suite.h"

#define DOCUMENT SOURCE_DIR "/docs/log.md"

static const struct {
    const char *title;
    const struct log_rule *rules;
} tables[] = {{"snps,dw-dmac", dw_ahb_rules},
              {"adi,axi-dmac", adi_dmac_rules},
              {"intel,8237a", i8237_rules},
              {"DMA mappings", mapping_rules}};
enum { TABLES = sizeof tables / sizeof tables[0] };

static void put(FILE *to, unsigned table)
{
    fprintf(to,
            "### %s\n\n| rule | level | software | the hardware | source |\n| --- | --- | --- | "
            "--- | --- |\n",
            tables[table].title);
    for (const struct log_rule *rule = tables[table].rules; rule->name; rule++)
        fprintf(to, "| `%s` | %s | %s | %s | %s |\n", rule->name, log_level_names[rule->level],
                rule->when, rule->does, rule->source);
    fputs("\n", to);
}

static char *text_of(unsigned table)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    ck_assert_ptr_nonnull(stream);
    put(stream, table);
    ck_assert_int_eq(fclose(stream), 0);
    return text;
}

static char *document(void)
{
    static char text[65536];
    FILE *file = fopen(DOCUMENT, "r");
    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void write_anew(void)
{
    char *head = document();
    char *tables_at = strstr(head, "### ");
    if (tables_at)
        *tables_at = '\0';
    FILE *file = fopen(DOCUMENT, "w");
    ck_assert_ptr_nonnull(file);
    fputs(head, file);
    for (unsigned i = 0; i < TABLES; i++)
        put(file, i);
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(the_document_has_each_rule_of_the_tables)
{
    if (getenv("LOG_RULES_WRITE"))
        write_anew();
    const char *is = document();
    for (unsigned i = 0; i < TABLES; i++) {
        char *should = text_of(i);
        ck_assert_msg(strstr(is, should),
                      "docs/log.md has not the table of %s as it is: run this test with "
                      "LOG_RULES_WRITE=1",
                      tables[i].title);
        free(should);
    }
}
END_TEST

START_TEST(a_rule_has_a_name_of_its_own_and_says_what_the_hardware_does)
{
    for (unsigned i = 0; i < TABLES; i++)
        for (const struct log_rule *rule = tables[i].rules; rule->name; rule++) {
            ck_assert_msg(rule->when && rule->does && rule->source, "%s", rule->name);
            for (const struct log_rule *other = tables[i].rules; other != rule; other++)
                ck_assert_str_ne(other->name, rule->name);
        }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log rules");
    TCase *tests = tcase_create("rules");
    tcase_add_test(tests, the_document_has_each_rule_of_the_tables);
    tcase_add_test(tests, a_rule_has_a_name_of_its_own_and_says_what_the_hardware_does);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
