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

#endif
