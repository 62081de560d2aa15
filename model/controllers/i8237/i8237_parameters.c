/* SPDX-License-Identifier: BSD-2-Clause */
/* i8237_parameters: what a scenario may set of an 8237A. */
#include "controllers/i8237/i8237.h"

static const char *const moves[] = {
    [I8237_AUTO] = "auto", [I8237_BYTES] = "bytes", [I8237_WORDS] = "words", NULL};

const struct parameter i8237_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     .of = "isa",
     PARAMETER_AT(i8237_config, bus),
     .doc = "Bus it is on. The first controller of a bus has HRQ and HLDA."},
    {.name = "port",
     .kind = PARAMETER_ADDRESS,
     PARAMETER_AT(i8237_config, port),
     .max = ISA_PORT_LAST,
     .doc = "First of its 16 ports, a multiple of 16."},
    {.name = "cascade",
     .kind = PARAMETER_REFERENCE,
     .refers = REFERS_CONTROLLER,
     .of = "intel,8237a",
     PARAMETER_AT(i8237_config, cascade),
     .initial = UINT16_MAX,
     .doc = "Controller in front: HRQ goes to a DREQ of it, and HLDA comes from its DACK."},
    {.name = "cascade_channel",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(i8237_config, cascade_channel),
     .max = ISA_CHANNELS - 1,
     .doc = "Channel of the controller in front, to be programmed in cascade mode."},
    {.name = "pages",
     .kind = PARAMETER_REFERENCE,
     .refers = REFERS_PERIPHERAL,
     .of = "isa-pages",
     PARAMETER_AT(i8237_config, pages),
     .initial = UINT16_MAX,
     .doc = "Page registers that give A23-A16; none: they are 0."},
    {.name = "page_ports",
     .kind = PARAMETER_UINTS,
     PARAMETER_AT(i8237_config, page_ports),
     .max = 15,
     .doc = "Page register of each channel, by its offset; none: 7, 3, 1, 2 as in a PC, or 15, 11, "
            "9, 10 at port "
            "0xc0 and of words, as in an AT."},
    {.name = "moves",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(i8237_config, moves),
     .names = moves,
     .doc = "What its channels move: bytes, or words as channels 5 to 7 of a PC/AT (addresses and "
            "counts are in words, "
            "bit 0 of the page is not used; the bus needs 16 bits); auto: words at port 0xc0 of a "
            "bus of 16 bits."},
    {.name = "port_step",
     .kind = PARAMETER_UINT,
     .flags = PARAMETER_POWER_OF_TWO,
     PARAMETER_AT(i8237_config, port_step),
     .initial = 1,
     .min = 1,
     .max = 2,
     .doc = "From one of its ports to the next: 1, or 2 as the second one of a PC/AT, which has "
            "0xc0 to 0xdf."},
    {.name = NULL},
};
