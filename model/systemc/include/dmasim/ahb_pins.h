// SPDX-License-Identifier: BSD-2-Clause
//
// ahb_pins: a slave socket as the signals of an AHB (Arm IHI 0011A, chapter 3), for a slave in plain SystemC, or one in
// RTL that is verilated with --sc.
//
//   dmasim::system          this                              the slave
//   slave("ram")  --->  socket   hclk, hresetn          --->
//                                hsel, haddr, htrans,   --->
//                                hready, hwdata, ...    --->
//                                hreadyout, hresp, hrdata  <---
//
// Timing
//   hclk is the model's clock, a time step (sc_get_time_resolution()) late: it rises at t + 1 for each edge t of the model and
// falls half a period later.
//
//   model, edge        t(n)           t(n+1)
//   hclk          _____/^^^^^^^\_______/^^^^^^^\___
//   hsel, haddr   ====A================B=====         A: from t(n) on, in cycle n of the model; sampled by the rise after it
//   hwdata        ------<  data of A    >---          from two delta cycles after that rise on
//   hreadyout     ------------x------------           looked at when hclk falls: of cycle n + 1
//
// A rise of hclk samples what the model's edge, a time step before it, has on its wires; an address shows on these only in the
// cycle in which it is accepted. What the slave drives from a rise on has to be there when hclk falls. So the slave has the
// cycles of one on the model's bus: a read that is answered in the cycle after its address has no wait states. Writes have none
// if the scenario says early_writes of the slave; else their address shows a cycle late.
//   While hreadyout is low, hrdata is on the model's HRDATA. hready is hreadyout in a data phase, and high otherwise. ERROR and
// RETRY take two cycles (3.9.3), and a slave that does not keep to that is reported (/dmasim/protocol), as is SPLIT.
//   hresetn is low for the first rises; what is asked then waits, and is later than in the model.
//
// Whatever other initiator is bound is served beat by beat, each a SINGLE: its bytes in aligned pieces as wide as can be.
// b_transport() waits; transport_dbg() is `debug`, and nothing without it; DMI is refused.
//
// Inaccuracies: addresses do not show in cycles in which they wait, nor those of other slaves: hsel is 0 and htrans IDLE
// then; no BUSY.
#ifndef DMASIM_AHB_PINS_H
#define DMASIM_AHB_PINS_H

#include <dmasim/systemc.h>

#include <cstring>
#include <deque>
#include <functional>
#include <type_traits>

namespace dmasim
{

struct ahb_timing {
    sc_core::sc_time period{10, sc_core::SC_NS}; // of the model's clock
    sc_core::sc_time phase;
    bool stops = false;        // hclk stays low while nothing is under way, and costs nothing
    unsigned reset_cycles = 1; // rises of hclk that sample hresetn low
};

// What the signals are made of: as Verilator has them. Bits is the width of hwdata and hrdata. For others derive from it,
// and say `using htrans = sc_dt::sc_uint<2>;`.
template <typename Data = uint32_t, unsigned Bits = 8 * sizeof(Data)> struct ahb_types {
    static constexpr unsigned bits = Bits;
    using data = Data;
    using haddr = uint32_t;
    using htrans = uint32_t;
    using hsize = uint32_t;
    using hburst = uint32_t;
    using hprot = uint32_t;
    using hmaster = uint32_t;
    using hresp = uint32_t; // AHB-Lite: bool
};

namespace detail
{

// Lane i is bits 8 i to 8 i + 7.
template <typename Data> void set_lanes(Data &to, const uint8_t *lanes, unsigned count)
{
    if constexpr (std::is_integral_v<Data>) {
        to = 0;
        for (unsigned i = 0; i < count; i++)
            to = static_cast<Data>(to | static_cast<Data>(lanes[i]) << 8 * i);
    } else {
        for (unsigned i = 0; i < count; i++)
            to.range(static_cast<int>(8 * i + 7), static_cast<int>(8 * i)) = lanes[i];
    }
}

template <typename Data> void get_lanes(const Data &from, uint8_t *lanes, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if constexpr (std::is_integral_v<Data>)
            lanes[i] = static_cast<uint8_t>(from >> 8 * i);
        else
            lanes[i] = static_cast<uint8_t>(
                from.range(static_cast<int>(8 * i + 7), static_cast<int>(8 * i)).to_uint());
    }
}

struct ahb_address {
    bool hsel = false, hwrite = false, hmastlock = false;
    uint32_t haddr = 0, htrans = 0, hsize = 0, hburst = 0, hprot = 0, hmaster = 0;
};

// All but the signals.
class ahb_bridge : public sc_core::sc_module, public tlm::tlm_fw_transport_if<>
{
  public:
    ~ahb_bridge() override;

    tlm::tlm_target_socket<> socket;
    signal_out hclk, hresetn, hready;
    std::function<unsigned(tlm::tlm_generic_payload &)> debug;

    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                       sc_core::sc_time &delay) override;
    void b_transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay) override;
    unsigned transport_dbg(tlm::tlm_generic_payload &payload) override;
    bool get_direct_mem_ptr(tlm::tlm_generic_payload &payload, tlm::tlm_dmi &dmi) override;

  protected:
    ahb_bridge(const sc_core::sc_module_name &name, unsigned bits, const ahb_timing &timing);

    virtual void drive(const ahb_address &address) = 0;
    virtual void drive_data(const uint8_t *lanes) = 0;
    // HREADYOUT and HRESP; of a read HRDATA.
    virtual bool sample(uint32_t &hresp, uint8_t *lanes) = 0;

  private:
    struct access;
    struct beat;

    access *get(tlm::tlm_generic_payload &payload);
    void put(access *done);
    void make_beats(access &made);
    bool make_one(access &made, const bus_extension *bus);
    void show();
    void run();
    void rise();
    void fall();
    void data_phase();
    void move(access &of, const beat &part, uint8_t *lanes);
    void end(access &done, tlm::tlm_response_status status);
    void respond();
    void end_response();
    void later(tlm::tlm_generic_payload &payload, const tlm::tlm_phase &phase);
    void wrong(const std::string &what) const;

    const unsigned width_; // bytes
    const ahb_timing timing_;
    std::vector<std::unique_ptr<access>> all_;
    std::vector<access *> free_;
    std::deque<access *> queue_, responses_; // the first response has begun
    access *data_ = nullptr;                 // whose data phase it is
    size_t data_beat_ = 0;
    bool shown_ = false;  // an address is on the pins
    bool second_ = false; // of an ERROR or RETRY: its second cycle comes
    bool ready_ = true;   // hready
    bool reset_ = true, warned_ = false;
    sc_core::sc_event asked_;
    std::vector<uint8_t> lanes_;
    struct queue;
    std::unique_ptr<queue> delayed_;
};

} // namespace detail

template <typename Types = ahb_types<>> class ahb_pins : public detail::ahb_bridge
{
  public:
    // What is not bound is not driven.
    template <typename Value>
    using out =
        sc_core::sc_port<sc_core::sc_signal_inout_if<Value>, 1, sc_core::SC_ZERO_OR_MORE_BOUND>;
    template <typename Value>
    using in = sc_core::sc_port<sc_core::sc_signal_in_if<Value>, 1, sc_core::SC_ZERO_OR_MORE_BOUND>;

    explicit ahb_pins(const sc_core::sc_module_name &name, const ahb_timing &timing = {})
        : ahb_bridge(name, Types::bits, timing), hsel("hsel"), hwrite("hwrite"),
          hmastlock("hmastlock"), haddr("haddr"), htrans("htrans"), hsize("hsize"),
          hburst("hburst"), hprot("hprot"), hmaster("hmaster"), hwdata("hwdata"),
          hreadyout("hreadyout"), hresp("hresp"), hrdata("hrdata")
    {
    }

    out<bool> hsel, hwrite, hmastlock;
    out<typename Types::haddr> haddr;
    out<typename Types::htrans> htrans;
    out<typename Types::hsize> hsize;
    out<typename Types::hburst> hburst;
    out<typename Types::hprot> hprot;
    out<typename Types::hmaster> hmaster;
    out<typename Types::data> hwdata;
    sc_core::sc_in<bool> hreadyout;
    in<typename Types::hresp> hresp; // not bound: OKAY
    sc_core::sc_in<typename Types::data> hrdata;

  private:
    template <typename Port, typename Value> static void put(Port &port, const Value &value)
    {
        if (port.size() > 0)
            port->write(value);
    }

    void drive(const detail::ahb_address &address) override
    {
        put(hsel, address.hsel);
        put(hwrite, address.hwrite);
        put(hmastlock, address.hmastlock);
        put(haddr, static_cast<typename Types::haddr>(address.haddr));
        put(htrans, static_cast<typename Types::htrans>(address.htrans));
        put(hsize, static_cast<typename Types::hsize>(address.hsize));
        put(hburst, static_cast<typename Types::hburst>(address.hburst));
        put(hprot, static_cast<typename Types::hprot>(address.hprot));
        put(hmaster, static_cast<typename Types::hmaster>(address.hmaster));
    }

    void drive_data(const uint8_t *lanes) override
    {
        typename Types::data data;
        detail::set_lanes(data, lanes, Types::bits / 8);
        put(hwdata, data);
    }

    bool sample(uint32_t &response, uint8_t *lanes) override
    {
        response = hresp.size() > 0 ? static_cast<uint32_t>(hresp->read()) : 0;
        detail::get_lanes(hrdata.read(), lanes, Types::bits / 8);
        return hreadyout.read();
    }
};

} // namespace dmasim

#endif
