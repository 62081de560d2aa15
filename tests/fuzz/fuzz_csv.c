/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_csv: any bytes as a table, packed or not. A row has as many cells as the header, or there is an error. */
#include <stdlib.h>
#include <string.h>

#include "reading/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct csv *csv = csv_open_bytes(data, size);
    if (!csv)
        abort();
    uint64_t line = 0;
    while (csv_row(csv)) {
        if (csv->count != csv->columns || csv->count == 0 || csv->line <= line)
            abort();
        for (size_t i = 0; i < csv->count; i++)
            if (strlen(csv_text(csv, i)) != csv->cells[i].length)
                abort();
        line = csv->line;
    }
    if (csv->ended == (csv->error[0] != '\0') ||
        (csv->error[0] && !csv->error_line && !csv->unreadable))
        abort();
    csv_close(csv);
    return 0;
}
