/* SPDX-License-Identifier: BSD-2-Clause */
/* ahb_reader: rows of a cycles.csv, for the AHB checker. */
#include "ahb_checker.h"

#include <string.h>

static const char header[] = "cycle,HBUSREQ,HLOCK,HGRANT,HMASTER,HMASTLOCK,HTRANS,HBURST,HADDR,"
                             "HWRITE,HSIZE,HREADY,HRESP,HWDATA,HRDATA,HSPLIT";

enum { COLUMNS = 16, COLUMN_HWDATA = 13, LINE_BYTES = 512 };

static bool malformed(struct ahb_check_reader *self, const char *what)
{
    snprintf(self->error, sizeof(self->error), "line %lu: %s", self->line, what);
    return false;
}

/* Reads a line without its end. False at the end of the file. */
static bool read_line(struct ahb_check_reader *self, char *line)
{
    if (!fgets(line, LINE_BYTES, self->file))
        return false;
    self->line++;
    size_t length = strcspn(line, "\r\n");
    if (line[length] == '\0' && !feof(self->file))
        return malformed(self, "too long");
    line[length] = '\0';
    return true;
}

bool ahb_check_reader_init(struct ahb_check_reader *self, FILE *file)
{
    char line[LINE_BYTES];
    memset(self, 0, sizeof(*self));
    self->file = file;
    if (!read_line(self, line))
        return self->error[0] ? false : malformed(self, "no header");
    if (strcmp(line, header) != 0)
        return malformed(self, "not the columns of cycles.csv");
    return true;
}

/* Digits of a base up to the next comma, at most 32 hex digits. Null if there are none. */
static const char *read_number(const char *text, unsigned base, uint64_t value[2])
{
    if (base == 16 && text[0] == '0' && text[1] == 'x')
        text += 2;
    const char *start = text;
    value[0] = value[1] = 0;
    for (; *text != ',' && *text != '\0'; text++) {
        unsigned digit = 16;
        if (*text >= '0' && *text <= '9')
            digit = (unsigned)(*text - '0');
        else if (*text >= 'a' && *text <= 'f')
            digit = (unsigned)(*text - 'a') + 10;
        else if (*text >= 'A' && *text <= 'F')
            digit = (unsigned)(*text - 'A') + 10;
        if (digit >= base || text - start >= 32)
            return NULL;
        if (base == 16)
            value[1] = value[1] << 4 | value[0] >> 60;
        value[0] = value[0] * base + digit;
    }
    return text == start ? NULL : text;
}

bool ahb_check_reader_next(struct ahb_check_reader *self, struct ahb_check_row *row)
{
    static const unsigned base[COLUMNS] = {10, 16, 16, 16, 10, 10, 10, 10,
                                           16, 10, 10, 10, 10, 16, 16, 16};
    char line[LINE_BYTES];
    uint64_t value[COLUMNS][2];
    if (!read_line(self, line))
        return false;
    const char *text = line;
    for (unsigned column = 0; column < COLUMNS; column++) {
        const char *end = read_number(text, base[column], value[column]);
        if (!end || (column + 1 < COLUMNS) != (*end == ','))
            return malformed(self, "not a row of cycles.csv");
        if (column == COLUMN_HWDATA && self->width_bits == 0)
            self->width_bits = (uint32_t)(end - text - (text[1] == 'x' ? 2 : 0)) * 4;
        bool data = column == COLUMN_HWDATA || column == COLUMN_HWDATA + 1;
        if (column > 0 && !data && (value[column][0] > UINT32_MAX || value[column][1]))
            return malformed(self, "a value is out of range");
        text = end + 1;
    }
    *row = (struct ahb_check_row){
        .cycle = value[0][0],
        .hbusreq = (uint32_t)value[1][0],
        .hlock = (uint32_t)value[2][0],
        .hgrant = (uint32_t)value[3][0],
        .hmaster = (uint32_t)value[4][0],
        .hmastlock = (uint32_t)value[5][0],
        .htrans = (uint32_t)value[6][0],
        .hburst = (uint32_t)value[7][0],
        .haddr = (uint32_t)value[8][0],
        .hwrite = (uint32_t)value[9][0],
        .hsize = (uint32_t)value[10][0],
        .hready = (uint32_t)value[11][0],
        .hresp = (uint32_t)value[12][0],
        .hwdata = {value[13][0], value[13][1]},
        .hrdata = {value[14][0], value[14][1]},
        .hsplit = (uint32_t)value[15][0],
    };
    return true;
}
