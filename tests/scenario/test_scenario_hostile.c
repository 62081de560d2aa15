/* SPDX-License-Identifier: BSD-2-Clause */
/* Input that was made to hurt gets one clear error, soon and in little memory. */
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fake_types.h"
#include "suite.h"

#include <check.h> /* last: it takes the word `fail` */

static struct seen seen;

#if defined(__SANITIZE_ADDRESS__)
#define SECOND 5.0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SECOND 5.0
#endif
#endif
#ifndef SECOND
#define SECOND 1.0
#endif

/* Loads and expects exactly this error, within a second of CPU time (sanitizers get more). */
static void refuse(const char *text, size_t length, const char *error)
{
    clock_t start = clock();
    struct scenario *scenario = load_bytes(text, length, NULL, 0, &seen);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    ck_assert_ptr_null(scenario);
    ck_assert_str_eq(seen.text, error);
    ck_assert_msg(seconds < SECOND, "took %.2f s", seconds);
}

#define KNOWN                                                                                      \
    "clocks, buses, cpus, controllers, masters, memories, peripherals, work, name, seed, stop, "   \
    "directory, trace, expect\n"
#define REFUSE(text, error) refuse(text, sizeof text - 1, error)

/* `count` times a text, between two others. The caller frees it. */
static char *repeated(const char *before, const char *text, size_t count, const char *after)
{
    size_t length = strlen(text);
    char *result = malloc(strlen(before) + count * length + strlen(after) + 1);
    char *at = result + sprintf(result, "%s", before);
    for (size_t i = 0; i < count; i++, at += length)
        memcpy(at, text, length);
    strcpy(at, after);
    return result;
}

START_TEST(nothing_at_all_is_told_what_to_start_with)
{
    static const char error[] =
        "a.yaml:1:1: the file is empty, a scenario starts with a key such as clocks:\n";
    REFUSE("", error);
    REFUSE("\n\n", error);
    REFUSE("# nothing\n", error);
    REFUSE("---\n...\n", error);
    REFUSE("\xef\xbb\xbf", error);
}
END_TEST

START_TEST(bytes_that_are_no_text_are_refused)
{
    REFUSE("a: 1\nb: \xff\n", "a.yaml:2:4: not UTF-8 text\n");
    REFUSE("a: \xc0\xaf\n", "a.yaml:1:4: not UTF-8 text\n");
    REFUSE("a: \xed\xa0\x80\n", "a.yaml:1:4: not UTF-8 text\n");
    REFUSE("a: \xf4\x90\x80\x80\n", "a.yaml:1:4: not UTF-8 text\n");
    REFUSE("a: \xe2\x82", "a.yaml:1:4: not UTF-8 text\n");
    REFUSE("a: 1\n\0", "a.yaml:2:1: NUL byte: this is no text file\n");
    REFUSE("\xff\xfe"
           "a\0",
           "a.yaml:1:1: not UTF-8 text\n");
    REFUSE("name: \"a\\0b\"\n", "a.yaml:1:7: a value must not contain NUL\n");
}
END_TEST

START_TEST(what_is_quoted_cannot_act_on_a_terminal)
{
    REFUSE("name: \"a\\e[31m\\n\\u009b\\u202e\"\n",
           "a.yaml:1:7: \"a\\x1b[31m\\n\\u009b\\u202e\" is no name: letters, digits, \"_\" and "
           "\"-\", at "
           "most 63, a letter first\n");
    REFUSE("\"\\r\": 1\n", "a.yaml:1:1: unknown key \"\\r\"; known: " KNOWN);
    /* Nor where it is not quoted: as what was meant. */
    REFUSE(FAKE_BASE "  \"ab\\ec\": { bus: ahb0, base: 0, size: 1 KiB }\n"
                     "work: [ { memcpy: { from: ab-c, to: sram } } ]\n",
           "a.yaml:5:3: \"ab\\x1bc\" is no name: letters, digits, \"_\" and \"-\", at most 63, a "
           "letter first\n"
           "a.yaml:6:27: \"from\": nothing is named \"ab-c\", did you mean \"ab\\x1bc\"?\n");
}
END_TEST

START_TEST(columns_count_characters)
{
    REFUSE("clocks: { \"\xc3\xa4\xe2\x82\xac\": 1, x: 1 }\n",
           "a.yaml:1:11: \"\xc3\xa4\xe2\x82\xac\" is no name: letters, digits, \"_\" and \"-\", at "
           "most 63, a letter first\n"
           "a.yaml:1:17: a map of keys is due here\n"
           "a.yaml:1:23: a map of keys is due here\n");
}
END_TEST

START_TEST(tabs_do_not_indent)
{
    REFUSE("clocks:\n\ta: {}\n", "a.yaml:2:1: tab used to indent, YAML takes spaces only\n");
    REFUSE("clocks:\n  \ta: {}\n", "a.yaml:2:3: tab used to indent, YAML takes spaces only\n");
}
END_TEST

START_TEST(several_documents_are_refused)
{
    REFUSE("seed: 1\n---\nseed: 2\n", "a.yaml:2:1: a second document: a scenario is one\n");
    REFUSE("seed: 1\n...\nseed: 2\n", "a.yaml:3:1: a second document: a scenario is one\n");
}
END_TEST

START_TEST(keys_are_words_and_tags_are_of_no_use)
{
    REFUSE("? [a]\n: 1\n", "a.yaml:1:3: a key must be a word, not a map or list\n");
    REFUSE("&a x: 1\n", "a.yaml:1:1: an anchor on a key is of no use here\n");
    REFUSE("name: &a x\n*a : 1\n", "a.yaml:2:1: an alias cannot be a key\n");
    REFUSE("seed: !!int 1\n", "a.yaml:1:7: a tag (!) is of no use here\n");
    REFUSE("clocks: !x {}\n", "a.yaml:1:9: a tag (!) is of no use here\n");
    REFUSE("clocks: { a: { <<: { frequency: 1 MHz } } }\n",
           "a.yaml:1:11: missing key \"frequency\"\n"
           "a.yaml:1:16: unknown key \"<<\": merging maps is no part of a scenario\n");
}
END_TEST

START_TEST(nesting_is_bounded)
{
    char *text = repeated("work: ", "[", 31, "1");
    ck_assert_ptr_null(load(text, &seen)); /* not closed, but not too deep */
    ck_assert_ptr_null(strstr(seen.text, "nested"));
    free(text);
    text = repeated("work: ", "[", 32, "1");
    refuse(text, strlen(text), "a.yaml:1:38: nested too deep, at most 32 levels\n");
    free(text);
    text = repeated("work: ", "[", 1000000, "");
    refuse(text, strlen(text), "a.yaml:1:38: nested too deep, at most 32 levels\n");
    free(text);
    text = repeated("work: ", "{a: ", 250000, "");
    refuse(text, strlen(text), "a.yaml:1:131: nested too deep, at most 32 levels\n");
    free(text);
    text = repeated("work:\n", "- ", 500000, "");
    refuse(text, strlen(text), "a.yaml:2:63: nested too deep, at most 32 levels\n");
    free(text);
}
END_TEST

START_TEST(size_is_bounded)
{
    char *text = repeated("name: ", "x", TREE_TEXT_MAX, "\n");
    refuse(text, strlen(text), "a.yaml:1:1: too large, a scenario has at most 64 MiB\n");
    free(text);
    text = repeated("work: [", "1,", TREE_NODES_MAX + 1, "1]\n");
    const clock_t start = clock();
    ck_assert_ptr_null(load_bytes(text, strlen(text), NULL, 0, &seen));
    const double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    ck_assert_str_eq(seen.text,
                     "a.yaml:1:8000002: too many values, a scenario has at most 4000000\n");
    ck_assert_msg(seconds < 5 * SECOND, "took %.2f s", seconds);
    free(text);
    text = repeated("name: ", "x", 1000 * 1000, "\n");
    refuse(text, strlen(text),
           "a.yaml:1:7: \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...\" is no "
           "name: letters, digits, \"_\" and \"-\", at most 63, a letter first\n");
    free(text);
    text = repeated("seed: ", "9", 1000 * 1000, "\n");
    refuse(
        text, strlen(text),
        "a.yaml:1:7: \"seed\": \"999999999999999999999999999999999999999999999999999999999999...\""
        " has too many digits\n");
    free(text);
}
END_TEST

START_TEST(many_components_or_errors_are_no_slower)
{
    char *text = repeated("clocks: {", "a: {},", 49000, "}\n");
    clock_t start = clock();
    ck_assert_ptr_null(load(text, &seen));
    ck_assert_uint_eq(seen.count, 51);
    free(text);
    text = malloc(1 << 20);
    size_t length = (size_t)sprintf(text, "work:\n");
    for (int i = 0; i < 8000; i++)
        length += (size_t)sprintf(
            text + length, "- memcpy: {name: w%d, from: q%d, to: 0, after: w%d}\n", i, i, i + 1);
    ck_assert_ptr_null(load_bytes(text, length, NULL, 0, &seen));
    ck_assert_uint_eq(seen.count, 51);
    free(text);
    text = malloc(1 << 20);
    length = (size_t)sprintf(text, "clocks:\n");
    for (int i = 0; i < 1025; i++)
        length += (size_t)sprintf(text + length, "  c%d: { frequency: 1 Hz }\n", i);
    refuse(text, length, "a.yaml:2:3: 1025 entries are too many, allowed: 0 to 1024\n");
    free(text);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    ck_assert_msg(seconds < 3 * SECOND, "took %.2f s", seconds);
}
END_TEST

START_TEST(a_byte_order_mark_is_skipped)
{
    struct scenario *s = load("\xef\xbb\xbf" FAKE_BASE, &seen);
    ck_assert_str_eq(seen.text, "");
    scenario_free(s);
    REFUSE("\xef\xbb\xbf"
           "x: 1\n",
           "a.yaml:1:1: unknown key \"x\"; known: " KNOWN);
    REFUSE("\xef\xbb\xbf# a comment\nx: 1\n", "a.yaml:2:1: unknown key \"x\"; known: " KNOWN);
    ck_assert_ptr_null(load("\xef\xbb\xbf\xef\xbb\xbf" FAKE_BASE, &seen)); /* one only */
}
END_TEST

/* As many anchors as there is room for, each with an alias, or none, or one that has none. */
START_TEST(anchors_are_looked_up_however_many_there_are)
{
    static const char *const forms[] = {"- &a%d x\n- *a%d\n", "- &a%d x\n", "- &a%d [*a%d]\n",
                                        "- &a%d x\n- *b%d\n"};
    char *text = malloc(4 << 20);
    for (size_t form = 0; form < sizeof forms / sizeof forms[0]; form++) {
        size_t length = (size_t)sprintf(text, "work:\n");
        for (int i = 0; i < 60000; i++)
            length += (size_t)snprintf(text + length, 64, forms[form], i, i);
        const clock_t start = clock();
        ck_assert_ptr_null(load_bytes(text, length, NULL, 0, &seen));
        const double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        ck_assert_msg(seconds < SECOND, "%s took %.2f s", forms[form], seconds);
    }
    /* The last of a name counts, as YAML has it. */
    ck_assert_ptr_null(load("x: &a 1\ny: &a [2]\nseed: *a\n", &seen));
    ck_assert_ptr_nonnull(strstr(seen.text, "a.yaml:2:4: \"seed\" takes one value, not a list\n"));
    free(text);
}
END_TEST

START_TEST(aliases_neither_loop_nor_explode)
{
    REFUSE("work: &a [ *a ]\n", "a.yaml:1:12: alias *a stands for something that contains it\n");
    REFUSE("work: [ *b ]\n", "a.yaml:1:9: alias *b has no anchor &b before it\n");
    /* 10^9 items, if they were expanded. */
    char text[4096];
    size_t length =
        (size_t)sprintf(text, "peripherals:\n  d:\n    numbers: &l0 [1,1,1,1,1,1,1,1,1,1]\n");
    for (int i = 1; i < 9; i++) {
        length += (size_t)sprintf(text + length, "    k%d: &l%d [", i, i);
        for (int j = 0; j < 10; j++)
            length += (size_t)sprintf(text + length, "%s*l%d", j ? "," : "", i - 1);
        length += (size_t)sprintf(text + length, "]\n");
    }
    ck_assert_ptr_null(load_bytes(text, length, NULL, 0, &seen));
    ck_assert_uint_eq(seen.count, 8); /* the unknown keys, not looked into */

    char *big = repeated("peripherals:\n  a: &a { numbers: [", "1,", 40000, "1] }\n");
    size_t size = strlen(big);
    big = realloc(big, size + 200 * 16);
    for (int i = 0; i < 200; i++)
        size += (size_t)sprintf(big + size, "  p%d: *a\n", i);
    ck_assert_ptr_null(load_bytes(big, size, NULL, 0, &seen));
    ck_assert_ptr_nonnull(strstr(seen.text, "too many values once aliases are expanded"));
    ck_assert_uint_eq(seen.count, 1);
    free(big);
}
END_TEST

/* ---- files ----------------------------------------------------------------------------------- */

static char folder[] = "/tmp/dmasim-test-XXXXXX";

static void put_file(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    fputs(text, out);
    fclose(out);
}

static struct scenario *load_here(const char *name)
{
    char path[256];
    struct scenario *scenario;
    struct scenario_options options = {.types = fake_types, .report = see, .context = &seen};
    seen = (struct seen){.length = 0};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    scenario_build_file(path, &options, &scenario);
    return scenario;
}

static void setup(void)
{
    strcpy(folder, "/tmp/dmasim-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
    char command[300];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

START_TEST(a_file_is_read_beside_the_scenario)
{
    put_file("data.bin", "hello");
    put_file("s.yaml", FAKE_BASE "  m: { bus: ahb0, base: 0, size: 1 KiB, file: data.bin }\n");
    struct scenario *s = load_here("s.yaml");
    ck_assert_str_eq(seen.text, "");
    const struct fake_memory *m = config_of(s, SECTION_MEMORIES, "m");
    ck_assert_str_eq(scenario_plan(s)->name, "s");
    ck_assert_str_eq(m->file.path, "data.bin");
    ck_assert_uint_eq(m->file.length, 5);
    ck_assert_mem_eq(m->file.bytes, "hello", 5);

    /* Its resolved form finds the file from another directory, and has the same bytes there. */
    char path[256];
    snprintf(path, sizeof path, "%s/out", folder);
    mkdir(path, 0777);
    strcat(path, "/deep");
    mkdir(path, 0777);
    char *text = NULL, *again = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    scenario_write_resolved(s, path, out);
    fclose(out);
    scenario_free(s);
    ck_assert_ptr_nonnull(strstr(text, "\ndirectory: \"../..\"\n"));
    put_file("out/deep/r.yaml", text);
    s = load_here("out/deep/r.yaml");
    ck_assert_str_eq(seen.text, "");
    m = config_of(s, SECTION_MEMORIES, "m");
    ck_assert_uint_eq(m->file.length, 5);
    out = open_memstream(&again, &size);
    scenario_write_resolved(s, path, out);
    fclose(out);
    ck_assert_str_eq(text, again);
    scenario_free(s);
    free(text);
    free(again);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_an_error_with_a_place)
{
    put_file("data.bin", "hello");
    put_file("s.yaml", FAKE_BASE "  m: { bus: ahb0, base: 0, size: 1 KiB, file: dta.bin }\n"
                                 "  n: { bus: ahb0, base: 1024, size: 1 KiB, file: /dev/zero }\n"
                                 "  o: { bus: ahb0, base: 2048, size: 1 KiB, file: . }\n"
                                 "  p: { bus: ahb0, base: 4096, size: 1 KiB, file: '' }\n");
    ck_assert_ptr_null(load_here("s.yaml"));
    char expected[1024];
    snprintf(expected, sizeof expected,
             "%s/s.yaml:5:47: cannot read \"dta.bin\": no such file, did you mean \"data.bin\"?\n"
             "%s/s.yaml:6:50: cannot read \"/dev/zero\": not a regular file\n"
             "%s/s.yaml:7:50: cannot read \".\": not a regular file\n"
             "%s/s.yaml:8:50: cannot read \"\": not a file name\n",
             folder, folder, folder, folder);
    ck_assert_str_eq(seen.text, expected);
}
END_TEST

START_TEST(a_huge_file_is_refused_before_it_is_read)
{
    char path[256];
    put_file("huge.bin", "");
    snprintf(path, sizeof path, "%s/huge.bin", folder);
    ck_assert_int_eq(truncate(path, (off_t)1 << 40), 0);
    put_file("s.yaml", FAKE_BASE "  m: { bus: ahb0, base: 0, size: 1 KiB, file: huge.bin }\n");
    ck_assert_ptr_null(load_here("s.yaml"));
    ck_assert_ptr_nonnull(
        strstr(seen.text, "5:47: cannot read \"huge.bin\": larger than 64 MiB\n"));
    ck_assert_ptr_null(load_here("huge.bin"));
    ck_assert_ptr_nonnull(strstr(seen.text, "1:1: too large, a scenario has at most 64 MiB\n"));
    ck_assert_ptr_null(load_here("nothing.yaml"));
    ck_assert_ptr_nonnull(strstr(seen.text, "0:0: cannot read the scenario: no such file\n"));
    ck_assert_ptr_null(load_here("."));
    ck_assert_ptr_nonnull(strstr(seen.text, "0:0: cannot read the scenario: Is a directory\n"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario hostile");
    TCase *tests = tcase_create("text");
    tcase_set_timeout(tests, 120);
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, nothing_at_all_is_told_what_to_start_with);
    tcase_add_test(tests, bytes_that_are_no_text_are_refused);
    tcase_add_test(tests, what_is_quoted_cannot_act_on_a_terminal);
    tcase_add_test(tests, columns_count_characters);
    tcase_add_test(tests, tabs_do_not_indent);
    tcase_add_test(tests, several_documents_are_refused);
    tcase_add_test(tests, keys_are_words_and_tags_are_of_no_use);
    tcase_add_test(tests, nesting_is_bounded);
    tcase_add_test(tests, size_is_bounded);
    tcase_add_test(tests, many_components_or_errors_are_no_slower);
    tcase_add_test(tests, a_byte_order_mark_is_skipped);
    tcase_add_test(tests, anchors_are_looked_up_however_many_there_are);
    tcase_add_test(tests, aliases_neither_loop_nor_explode);
    TCase *files = tcase_create("files");
    suite_add_tcase(suite, files);
    tcase_add_checked_fixture(files, setup, teardown);
    tcase_add_test(files, a_file_is_read_beside_the_scenario);
    tcase_add_test(files, a_file_that_cannot_be_read_is_an_error_with_a_place);
    tcase_add_test(files, a_huge_file_is_refused_before_it_is_read);
    return suite_run(suite);
}
