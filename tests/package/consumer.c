/* SPDX-License-Identifier: BSD-2-Clause */
/* Uses the installed library as a program outside this project would; also compiled as C++. */
#include <dmasim/dmasim.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    struct dmasim_error error;
    struct dmasim *sim = dmasim_create("no-such-scenario.yaml", NULL, &error);
    if (sim || error.code == DMASIM_OK || error.text[0] == '\0') {
        fputs("a scenario that is not there was accepted\n", stderr);
        return 1;
    }
    dmasim_destroy(NULL);
    printf("dmasim %s: %s\n", dmasim_version(), dmasim_code_text(error.code));
    return strcmp(dmasim_version(), EXPECTED_VERSION) != 0;
}
