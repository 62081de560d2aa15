/* SPDX-License-Identifier: BSD-2-Clause */
/* suite: how every test program ends. */
#ifndef DMASIM_TESTS_SUITE_H
#define DMASIM_TESTS_SUITE_H

#include <check.h>

/* Runs a suite and frees it; the program's exit status. */
static inline int suite_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

/* The main() of a program whose tests are one case. */
#define TEST_MAIN(suite_name, ...)                                                                 \
    int main(void)                                                                                 \
    {                                                                                              \
        Suite *suite = suite_create(suite_name);                                                   \
        TCase *tests = tcase_create("all");                                                        \
        tcase_set_timeout(tests, 60); /* with sanitizers, on a busy machine */                     \
        const TTest *const list[] = {__VA_ARGS__};                                                 \
        for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)                                  \
            tcase_add_test(tests, list[i]);                                                        \
        suite_add_tcase(suite, tests);                                                             \
        return suite_run(suite);                                                                   \
    }

#endif
