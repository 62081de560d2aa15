/* SPDX-License-Identifier: BSD-2-Clause */
/* The JSON Schema and the reference say what the tables say. JSON is YAML, so the tree reads it. */
#include "fake_types.h"
#include "suite.h"

#include <check.h> /* last: it takes the word `fail` */

static struct arena arena;
static struct report report;
static struct node *schema;

static void setup(void)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    schema_write(fake_types, NULL, out);
    fclose(out);
    arena = (struct arena){0};
    report = (struct report){.total = 0};
    schema = tree_parse(&arena, &report, text, size, 0, 0);
    free(text);
    ck_assert_uint_eq(report.total, 0);
    ck_assert_ptr_nonnull(schema);
}

static void teardown(void)
{
    arena_free(&arena);
}

/* The node at a path of keys, separated by "/". */
static const struct node *at(const struct node *node, const char *path)
{
    while (*path) {
        char word[64];
        size_t length = strcspn(path, "/");
        snprintf(word, sizeof word, "%.*s", (int)length, path);
        ck_assert_msg(node->kind != NODE_SCALAR, "%s", path);
        int index = node->kind == NODE_MAP ? node_find(node, word) : atoi(word);
        ck_assert_msg(index >= 0 && (uint32_t)index < node->count, "no %s", path);
        node = node->entries[index].value;
        path += length + (path[length] == '/');
    }
    return node;
}

START_TEST(the_schema_knows_every_key_and_no_other)
{
    const struct node *clock = at(schema, "definitions/clocks.clock");
    ck_assert_str_eq(at(schema, "$schema")->text, "http://json-schema.org/draft-07/schema#");
    ck_assert_str_eq(at(schema, "additionalProperties")->text, "false");
    ck_assert_str_eq(at(clock, "additionalProperties")->text, "false");
    ck_assert_uint_eq(at(clock, "properties")->count, 3); /* type, frequency, phase */
    ck_assert_str_eq(at(clock, "required/0")->text, "frequency");
    ck_assert_str_eq(at(clock, "properties/frequency/description")->text, "Frequency.");
    ck_assert_str_eq(at(clock, "properties/phase/default")->text, "0 ps");
    const struct node *bus = at(schema, "definitions/buses.ahb/properties");
    ck_assert_str_eq(at(bus, "width/anyOf/0/minimum")->text, "8");
    ck_assert_str_eq(at(bus, "width/anyOf/0/maximum")->text, "128");
    ck_assert_str_eq(at(bus, "arbiter/properties/policy/enum/1")->text, "fixed");
    ck_assert_int_lt(node_find(at(schema, "definitions/peripherals.fifo/properties/steps/anyOf/0/"
                                          "items/properties"),
                               "place"),
                     0);
}
END_TEST

START_TEST(the_schema_picks_a_component_by_its_type)
{
    const struct node *controllers = at(schema, "properties/controllers/additionalProperties");
    ck_assert_str_eq(at(controllers, "if/properties/type/const")->text, "none,other-dma");
    ck_assert_str_eq(at(controllers, "then/$ref")->text,
                     "#/definitions/controllers.none,other-dma");
    ck_assert_str_eq(at(controllers, "else/$ref")->text, "#/definitions/controllers.snps,dw-dmac");
    ck_assert_str_eq(at(schema, "properties/work/items/properties/memcpy/$ref")->text,
                     "#/definitions/work.memcpy");
}
END_TEST

START_TEST(the_reference_has_a_row_for_every_key)
{
    static const char *const rows[] = {
        "\n## controllers\n\n### type: snps,dw-dmac\n\nA controller.\n",
        "\n| `channels` | number | 4 | 1 to 8 | Channels. |\n",
        "\n| `arbiter.policy` | `round_robin`, `fixed`, `weighted` | `round_robin` |  | Who",
        "\n| `steps[].address` | address | **required** |  | Address. |\n",
        "\n| `limit` | number | none | 0 to 100 | Limit. |\n",
        "\n| `masters` | list of names (buses) |  | 0 to 4 items | Ports. |\n",
        "\n  | rate | baud, B/s, kbaud, kB/s, KiB/s, Mbaud, MB/s, MiB/s, GB/s |\n",
        "\n### memcpy\n\nCopies memory.\n",
    };
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    reference_write(fake_types, NULL, out);
    fclose(out);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(strstr(text, rows[i]) != NULL, "no %s", rows[i]);
    ck_assert_ptr_null(strstr(text, "place"));
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario documents");
    TCase *tests = tcase_create("documents");
    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, the_schema_knows_every_key_and_no_other);
    tcase_add_test(tests, the_schema_picks_a_component_by_its_type);
    tcase_add_test(tests, the_reference_has_a_row_for_every_key);
    return suite_run(suite);
}
