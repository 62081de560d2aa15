// SPDX-License-Identifier: BSD-2-Clause
//
// ahb_bridge: transactions as address and data phases; ahb_pins.h has the timing.
//
//   queue_                    accesses in the order of their requests; of the first, the next beat is shown
//   shown_ -> data_           by a rise with hready
//   data_  -> responses_      by a fall with hreadyout, of the last beat
#include "dmasim/ahb_pins.h"

#include <tlm_utils/peq_with_cb_and_phase.h>

#include <algorithm>

namespace dmasim::detail
{

enum : uint32_t { OKAY, ERROR, RETRY, SPLIT };
enum : uint32_t { IDLE, BUSY, NONSEQ, SEQ };

struct ahb_bridge::beat {
    ahb_address address;
    unsigned from, length; // in the payload's data
};

struct ahb_bridge::access {
    tlm::tlm_generic_payload *payload = nullptr;
    std::vector<beat> beats;
    size_t next = 0; // whose address is to be shown
    bool blocking = false, over = false;
    sc_core::sc_event done;
};

struct ahb_bridge::queue {
    queue(ahb_bridge *owner,
          void (ahb_bridge::*call)(tlm::tlm_generic_payload &, const tlm::tlm_phase &))
        : peq(owner, call)
    {
    }
    tlm_utils::peq_with_cb_and_phase<ahb_bridge> peq;
};

ahb_bridge::ahb_bridge(const sc_core::sc_module_name &name, unsigned bits, const ahb_timing &timing)
    : sc_module(name), socket("socket"), hclk("hclk"), hresetn("hresetn"), hready("hready"),
      width_(bits / 8), timing_(timing), lanes_(bits / 8),
      delayed_(std::make_unique<queue>(this, &ahb_bridge::later))
{
    socket.bind(*this);
    sc_core::sc_spawn([this] { run(); }, sc_core::sc_gen_unique_name("clock"));
}

ahb_bridge::~ahb_bridge() = default;

void ahb_bridge::wrong(const std::string &what) const
{
    SC_REPORT_ERROR("/dmasim/protocol", (std::string(name()) + ": " + what).c_str());
}

// ---- what is asked -------------------------------------------------------------------------------------

ahb_bridge::access *ahb_bridge::get(tlm::tlm_generic_payload &payload)
{
    if (free_.empty()) {
        all_.push_back(std::make_unique<access>());
        free_.push_back(all_.back().get());
    }
    access *made = free_.back();
    free_.pop_back();
    made->payload = &payload;
    made->beats.clear();
    made->next = 0;
    made->blocking = made->over = false;
    make_beats(*made);
    return made;
}

void ahb_bridge::put(access *done)
{
    done->payload = nullptr;
    free_.push_back(done);
}

// A beat of an AHB, as it was there; false: it is none, or too wide.
bool ahb_bridge::make_one(access &made, const bus_extension *bus)
{
    const tlm::tlm_generic_payload &payload = *made.payload;
    if (!bus || bus->kind != bus_extension::ahb || bus->beats != 1 || bus->beat_bytes > width_ ||
        payload.get_data_length() > width_)
        return false;
    ahb_address address;
    address.hsel = true;
    address.hwrite = payload.is_write();
    address.hmastlock = bus->lock;
    address.haddr = static_cast<uint32_t>(bus->address);
    address.htrans = bus->sequential ? SEQ : NONSEQ;
    address.hsize = static_cast<uint32_t>(__builtin_ctz(bus->beat_bytes));
    address.hburst = bus->burst;
    address.hprot = bus->prot;
    address.hmaster = bus->id;
    made.beats.push_back({address, 0, payload.get_data_length()});
    return true;
}

void ahb_bridge::make_beats(access &made)
{
    const tlm::tlm_generic_payload &payload = *made.payload;
    const auto *bus = payload.get_extension<bus_extension>();
    if (make_one(made, bus))
        return;
    const unsigned char *enables = payload.get_byte_enable_ptr();
    const unsigned enable_length = payload.get_byte_enable_length();
    const unsigned length = payload.get_data_length(),
                   width = std::max(payload.get_streaming_width(), 1u);
    const auto on = [&](unsigned i) {
        return !enables || enables[i % enable_length] == TLM_BYTE_ENABLED;
    };
    for (unsigned i = 0; i < length;) {
        if (!on(i)) {
            i++;
            continue;
        }
        unsigned end = i + 1; // of what goes on without a gap
        while (end < length && end % width != 0 && on(end))
            end++;
        const uint64_t first = payload.get_address() + i % width;
        unsigned size = width_;
        while (size > end - i || first & (size - 1))
            size /= 2;
        ahb_address address;
        address.hsel = true;
        address.hwrite = payload.is_write();
        address.haddr = static_cast<uint32_t>(first);
        address.htrans = NONSEQ;
        address.hsize = static_cast<uint32_t>(__builtin_ctz(size));
        address.hprot = bus && bus->privileged ? 3 : 1; // a data access (IHI 0011A 3.8)
        made.beats.push_back({address, i, size});
        i += size;
    }
}

tlm::tlm_sync_enum ahb_bridge::nb_transport_fw(tlm::tlm_generic_payload &payload,
                                               tlm::tlm_phase &phase, sc_core::sc_time &delay)
{
    if (phase == tlm::BEGIN_REQ) {
        payload.acquire();
        if (delay != sc_core::SC_ZERO_TIME)
            delayed_->peq.notify(payload, phase, delay);
        else
            later(payload, phase);
        phase = tlm::END_REQ;
        return tlm::TLM_UPDATED;
    }
    if (phase == tlm::END_RESP) {
        delayed_->peq.notify(payload, phase, delay);
        return tlm::TLM_COMPLETED;
    }
    return tlm::TLM_ACCEPTED; // a phase that may be ignored
}

void ahb_bridge::later(tlm::tlm_generic_payload &payload, const tlm::tlm_phase &phase)
{
    if (phase == tlm::END_RESP) {
        end_response();
        return;
    }
    const auto *bus = payload.get_extension<bus_extension>();
    if (bus && bus->kind == bus_extension::ahb && !warned_ &&
        (sc_core::sc_time_stamp().value() - timing_.phase.value()) % timing_.period.value() != 0) {
        warned_ = true;
        SC_REPORT_WARNING(
            "/dmasim/clock",
            (std::string(name()) + ": a request at " + sc_core::sc_time_stamp().to_string() +
             " is at no edge of its clock (period " + timing_.period.to_string() + ")")
                .c_str());
    }
    queue_.push_back(get(payload));
    asked_.notify(sc_core::SC_ZERO_TIME);
}

void ahb_bridge::b_transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay)
{
    if (delay != sc_core::SC_ZERO_TIME)
        sc_core::wait(delay);
    delay = sc_core::SC_ZERO_TIME;
    access *made = get(payload);
    made->blocking = true;
    queue_.push_back(made);
    asked_.notify(sc_core::SC_ZERO_TIME);
    while (!made->over)
        sc_core::wait(made->done);
    put(made);
}

unsigned ahb_bridge::transport_dbg(tlm::tlm_generic_payload &payload)
{
    return debug ? debug(payload) : 0;
}

bool ahb_bridge::get_direct_mem_ptr(tlm::tlm_generic_payload &payload, tlm::tlm_dmi &dmi)
{
    payload.set_dmi_allowed(false);
    dmi.set_start_address(0);
    dmi.set_end_address(~sc_dt::uint64(0));
    dmi.allow_none();
    return false;
}

// ---- the pins ------------------------------------------------------------------------------------------

// The next address, if the cycle ends with hready.
void ahb_bridge::show()
{
    if (shown_ || reset_ || !ready_)
        return;
    while (!queue_.empty()) {
        access &first = *queue_.front();
        if (first.next < first.beats.size()) {
            drive(first.beats[first.next].address);
            shown_ = true;
            return;
        }
        if (!first.beats.empty())
            return; // its last beat has its data phase
        queue_.pop_front();
        end(first, first.payload->get_command() == tlm::TLM_IGNORE_COMMAND
                       ? tlm::TLM_COMMAND_ERROR_RESPONSE
                       : tlm::TLM_OK_RESPONSE);
    }
}

void ahb_bridge::run()
{
    const sc_core::sc_time step = sc_core::sc_get_time_resolution();
    const sc_core::sc_time half =
        sc_core::sc_time::from_value(std::max<uint64_t>(timing_.period.value() / 2, 1));
    sc_core::sc_time edge = timing_.phase;
    const auto put_out = [](signal_out &port, bool value) {
        if (port.size() > 0)
            port->write(value);
    };
    put_out(hresetn, false);
    put_out(hready, true);
    drive({});
    for (uint64_t cycle = 0;; cycle++, edge += timing_.period) {
        if (timing_.stops && !reset_ && queue_.empty() && !data_ && !second_) {
            sc_core::wait(asked_);
            const uint64_t now = sc_core::sc_time_stamp().value(), period = timing_.period.value();
            if (now > edge.value())
                edge += sc_core::sc_time::from_value((now - edge.value()) / period * period);
            if (edge + step <= sc_core::sc_time_stamp())
                edge += timing_.period;
        }
        const sc_core::sc_time rises = edge + step;
        for (;;) {
            show();
            const sc_core::sc_time now = sc_core::sc_time_stamp();
            if (now >= rises)
                break;
            sc_core::wait(rises - now, asked_);
        }
        put_out(hclk, true);
        sc_core::wait(sc_core::SC_ZERO_TIME);
        sc_core::wait(sc_core::SC_ZERO_TIME); // who samples at the rise has done so
        rise();
        if (reset_ && cycle + 1 >= timing_.reset_cycles) {
            reset_ = false;
            put_out(hresetn, true);
        }
        sc_core::wait(rises + half - sc_core::sc_time_stamp());
        put_out(hclk, false);
        fall();
        put_out(hready, ready_);
    }
}

// A data phase that was to end has; an address that was shown is taken.
void ahb_bridge::rise()
{
    if (!ready_)
        return;
    data_ = nullptr;
    second_ = false;
    if (!shown_)
        return;
    shown_ = false;
    data_ = queue_.front();
    data_beat_ = data_->next++;
    const beat &part = data_->beats[data_beat_];
    if (data_->next == data_->beats.size())
        queue_.pop_front();
    drive({});
    if (part.address.hwrite) {
        std::fill(lanes_.begin(), lanes_.end(), uint8_t(0));
        move(*data_, part, lanes_.data());
        drive_data(lanes_.data());
    }
}

// Between the payload and the lanes.
void ahb_bridge::move(access &of, const beat &part, uint8_t *lanes)
{
    tlm::tlm_generic_payload &payload = *of.payload;
    const uint64_t first =
        payload.get_address() + part.from % std::max(payload.get_streaming_width(), 1u);
    for (unsigned i = 0; i < part.length; i++) {
        uint8_t &byte = payload.get_data_ptr()[part.from + i];
        uint8_t &lane = lanes[(first + i) % width_];
        if (part.address.hwrite)
            lane = byte;
        else
            byte = lane;
    }
}

void ahb_bridge::fall()
{
    ready_ = true;
    if (data_ || second_)
        data_phase();
    show();
}

void ahb_bridge::data_phase()
{
    uint32_t response = OKAY;
    ready_ = sample(response, lanes_.data());
    if (second_) {
        if (!ready_ || response == OKAY)
            wrong("ERROR and RETRY take two cycles, the second with HREADYOUT");
        return;
    }
    const beat &part = data_->beats[data_beat_];
    if (response == OKAY) {
        if (!part.address.hwrite)
            move(*data_, part, lanes_.data());
        if (ready_ && data_beat_ + 1 == data_->beats.size()) {
            end(*data_, tlm::TLM_OK_RESPONSE);
        } else if (!ready_ && !part.address.hwrite && data_->beats.size() == 1 &&
                   !data_->blocking) {
            tlm::tlm_phase phase = data_shown;
            sc_core::sc_time delay;
            socket->nb_transport_bw(*data_->payload, phase, delay);
        }
        return;
    }
    if (ready_)
        wrong("ERROR and RETRY take two cycles, the first without HREADYOUT");
    if (response == SPLIT)
        wrong("SPLIT is not known here");
    auto *bus = data_->payload->get_extension<bus_extension>();
    if (response == RETRY && bus && bus->kind == bus_extension::ahb)
        bus->retry = true;
    second_ = !ready_;
    if (!queue_.empty() && queue_.front() == data_)
        queue_.pop_front();
    access &failed = *data_;
    data_ = nullptr;
    end(failed, tlm::TLM_GENERIC_ERROR_RESPONSE);
}

// ---- the answer ----------------------------------------------------------------------------------------

void ahb_bridge::end(access &done, tlm::tlm_response_status status)
{
    done.payload->set_response_status(status);
    if (done.blocking) {
        done.over = true;
        done.done.notify(sc_core::SC_ZERO_TIME);
        return;
    }
    responses_.push_back(&done);
    if (responses_.size() == 1)
        respond();
}

void ahb_bridge::respond()
{
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay;
    access &first = *responses_.front();
    switch (socket->nb_transport_bw(*first.payload, phase, delay)) {
    case tlm::TLM_ACCEPTED:
        return;
    default:
        if (delay == sc_core::SC_ZERO_TIME)
            end_response();
        else
            delayed_->peq.notify(*first.payload, tlm::END_RESP, delay);
    }
}

void ahb_bridge::end_response()
{
    access *first = responses_.front();
    responses_.pop_front();
    first->payload->release();
    put(first);
    if (!responses_.empty())
        respond();
}

} // namespace dmasim::detail
