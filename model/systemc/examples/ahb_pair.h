// SPDX-License-Identifier: BSD-2-Clause
// ahb_pair: a slave socket of dmasim and an ahb_slave, wire by wire.
#ifndef AHB_PAIR_H
#define AHB_PAIR_H

#include <dmasim/ahb_pins.h>

#include "ahb_slave.h"

// Signals of an AHB between dmasim's pins and a slave.
template <typename Data> struct ahb_wires {
    sc_core::sc_signal<bool> hclk, hresetn, hsel, hwrite, hready, hreadyout;
    sc_core::sc_signal<uint32_t> haddr, htrans, hsize, hresp;
    sc_core::sc_signal<Data> hwdata, hrdata;

    template <typename Pins, typename Slave> void join(Pins &pins, Slave &slave)
    {
        pins.hclk.bind(hclk), slave.hclk.bind(hclk);
        pins.hresetn.bind(hresetn), slave.hresetn.bind(hresetn);
        pins.hsel.bind(hsel), slave.hsel.bind(hsel);
        pins.hwrite.bind(hwrite), slave.hwrite.bind(hwrite);
        pins.hready.bind(hready), slave.hready.bind(hready);
        pins.haddr.bind(haddr), slave.haddr.bind(haddr);
        pins.htrans.bind(htrans), slave.htrans.bind(htrans);
        pins.hsize.bind(hsize), slave.hsize.bind(hsize);
        pins.hwdata.bind(hwdata), slave.hwdata.bind(hwdata);
        pins.hreadyout.bind(hreadyout), slave.hreadyout.bind(hreadyout);
        pins.hresp.bind(hresp), slave.hresp.bind(hresp);
        pins.hrdata.bind(hrdata), slave.hrdata.bind(hrdata);
    }
};

template <typename Data = uint32_t, unsigned Bits = 8 * sizeof(Data)> struct ahb_pair {
    dmasim::ahb_pins<dmasim::ahb_types<Data, Bits>> pins;
    ahb_slave<Data, Bits> slave;
    ahb_wires<Data> wires;

    ahb_pair(const std::string &name, uint64_t base, uint64_t size,
             const dmasim::ahb_timing &timing)
        : pins((name + "_pins").c_str(), timing), slave((name + "_slave").c_str(), base, size)
    {
        wires.join(pins, slave);
    }
};

#endif
