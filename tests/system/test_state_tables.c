/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables of state (kernel/state.h) of every type of component: a member that was added to a struct and to no
 * row is found here. */
#include <glob.h>

#include "instance.h"
#include "kernel/repeat.h"
#include "state_check.h"
#include "suite.h"
#include "system.h"

#define TABLES_MAX 256

struct tables {
    const struct state_table *items[TABLES_MAX];
    bool found[TABLES_MAX]; /* in the source */
    unsigned count;
};

static void collect(struct tables *self, const struct state_table *table)
{
    for (unsigned i = 0; i < self->count; i++)
        if (self->items[i] == table)
            return;
    ck_assert_uint_lt(self->count, TABLES_MAX);
    self->items[self->count++] = table;
    for (const struct state_field *row = table->fields; row->name; row++)
        if (row->kind == STATE_KIND_PART)
            collect(self, row->part);
}

static struct tables all_tables(void)
{
    struct tables tables = {.count = 0};
    for (const struct component_type *const *type = component_types; *type; type++)
        if ((*type)->state)
            collect(&tables, (*type)->state);
    ck_assert_uint_gt(tables.count, 0);
    return tables;
}

START_TEST(every_byte_of_every_unit_that_can_repeat_is_in_one_row)
{
    const struct tables tables = all_tables();
    for (unsigned i = 0; i < tables.count; i++) {
        struct state_fault fault;
        ck_assert_msg(state_covered(tables.items[i], &fault), "%s", fault.text);
    }
}
END_TEST

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 1u << 18);
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_lt(fread(text, 1, (1u << 18) - 1, file), (1u << 18) - 1);
    fclose(file);
    return text;
}

START_TEST(every_member_in_the_source_has_a_row)
{
    struct tables tables = all_tables();
    glob_t files;
    ck_assert_int_eq(glob(SOURCE_DIR "/model/*/*.[ch]", 0, NULL, &files), 0);
    ck_assert_int_eq(glob(SOURCE_DIR "/model/*/*/*.[ch]", GLOB_APPEND, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        char *text = read_file(files.gl_pathv[i]);
        for (unsigned j = 0; j < tables.count; j++) {
            struct state_fault fault;
            bool found;
            ck_assert_msg(state_named(tables.items[j], text, &found, &fault), "%s: %s",
                          files.gl_pathv[i], fault.text);
            tables.found[j] |= found;
        }
        free(text);
    }
    globfree(&files);
    for (unsigned j = 0; j < tables.count; j++)
        ck_assert_msg(tables.found[j], "no struct %s", tables.items[j]->name);
}
END_TEST

/* Whoever repeats does so by a table, and one that is found above. */
START_TEST(units_that_repeat_have_the_table_of_their_type)
{
    const struct tables tables = all_tables();
    unsigned seen = 0;
    glob_t files;
    ck_assert_int_eq(glob(SOURCE_DIR "/configs/*.yaml", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct dmasim_error error;
        struct dmasim *sim = dmasim_create(files.gl_pathv[i], NULL, &error);
        ck_assert_msg(sim != NULL, "%s", error.text);
        for (const struct unit *unit = sim->system.kernel.units; unit; unit = unit->link) {
            bool found = !unit->repeat;
            for (unsigned j = 0; j < tables.count && !found; j++)
                found = unit->repeat->state == tables.items[j];
            ck_assert_msg(found, "%s of %s repeats without one", unit->name, files.gl_pathv[i]);
            seen += unit->repeat != NULL;
        }
        dmasim_destroy(sim);
    }
    globfree(&files);
    ck_assert_uint_gt(seen, 10);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("state tables");
    TCase *tcase = tcase_create("state tables");
    tcase_add_test(tcase, every_byte_of_every_unit_that_can_repeat_is_in_one_row);
    tcase_add_test(tcase, every_member_in_the_source_has_a_row);
    tcase_add_test(tcase, units_that_repeat_have_the_table_of_their_type);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
