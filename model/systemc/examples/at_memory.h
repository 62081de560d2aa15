// SPDX-License-Identifier: BSD-2-Clause
//
// at_memory: a memory as any library of models might have it: TLM-2.0 alone, approximately or loosely timed. It knows
// nothing of dmasim.
//
//   phases     BEGIN_REQ, END_REQ, BEGIN_RESP, END_RESP, each a call of its own
//   early      BEGIN_RESP is the answer to BEGIN_REQ, with the latency as its delay, unless another response is under way
//   completed  the same with TLM_COMPLETED
#ifndef AT_MEMORY_H
#define AT_MEMORY_H

#include <tlm>
#include <tlm_utils/peq_with_cb_and_phase.h>

#include <cstring>
#include <deque>
#include <functional>
#include <systemc>
#include <vector>

class at_memory : public sc_core::sc_module, public tlm::tlm_fw_transport_if<>
{
  public:
    enum style { phases, early, completed };

    at_memory(const sc_core::sc_module_name &name, uint64_t base, uint64_t bytes, enum style how)
        : sc_module(name), socket("socket"), bytes(bytes), how_(how), base_(base),
          peq_(this, &at_memory::later)
    {
        socket.bind(*this);
    }

    tlm::tlm_target_socket<> socket;
    std::vector<uint8_t> bytes;
    // From BEGIN_REQ to BEGIN_RESP.
    std::function<sc_core::sc_time(tlm::tlm_generic_payload &)> latency =
        [](tlm::tlm_generic_payload &) { return sc_core::SC_ZERO_TIME; };
    // Serves what is not of the memory; false: nor is it here.
    std::function<bool(tlm::tlm_generic_payload &)> other;
    uint64_t transactions = 0;

    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                       sc_core::sc_time &delay) override
    {
        if (phase == tlm::END_RESP) {
            peq_.notify(payload, phase, delay);
            return tlm::TLM_COMPLETED;
        }
        if (how_ == phases || (how_ == early && (!responses_.empty() || requests_ > 0))) {
            requests_++;
            payload.acquire();
            peq_.notify(payload, phase, delay);
            return tlm::TLM_ACCEPTED;
        }
        const sc_core::sc_time after = latency(payload);
        access(payload);
        delay += after;
        if (how_ == completed)
            return tlm::TLM_COMPLETED;
        payload.acquire();
        responses_.push_back(&payload);
        phase = tlm::BEGIN_RESP;
        return tlm::TLM_UPDATED;
    }

    void b_transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay) override
    {
        delay += latency(payload);
        access(payload);
    }

    unsigned transport_dbg(tlm::tlm_generic_payload &payload) override
    {
        const uint64_t offset = payload.get_address() - base_;
        if (offset >= bytes.size())
            return 0;
        const auto length = static_cast<unsigned>(
            std::min<uint64_t>(payload.get_data_length(), bytes.size() - offset));
        if (payload.is_write())
            std::memcpy(bytes.data() + offset, payload.get_data_ptr(), length);
        else
            std::memcpy(payload.get_data_ptr(), bytes.data() + offset, length);
        return length;
    }

    bool get_direct_mem_ptr(tlm::tlm_generic_payload &, tlm::tlm_dmi &) override
    {
        return false;
    }

  private:
    void access(tlm::tlm_generic_payload &payload)
    {
        const uint64_t offset = payload.get_address() - base_;
        const unsigned length = payload.get_data_length(), width = payload.get_streaming_width();
        const unsigned char *enables = payload.get_byte_enable_ptr();
        const unsigned enable_length = payload.get_byte_enable_length();
        transactions++;
        if (other && other(payload))
            return;
        if (offset > bytes.size() || std::min(length, width) > bytes.size() - offset) {
            payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
            return;
        }
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        if (!enables && width >= length) {
            if (payload.is_write())
                std::memcpy(bytes.data() + offset, payload.get_data_ptr(), length);
            else
                std::memcpy(payload.get_data_ptr(), bytes.data() + offset, length);
            return;
        }
        for (unsigned i = 0; i < length; i++) {
            if (enables && enables[i % enable_length] != TLM_BYTE_ENABLED)
                continue;
            uint8_t &byte = bytes[offset + i % width];
            if (payload.is_write())
                byte = payload.get_data_ptr()[i];
            else
                payload.get_data_ptr()[i] = byte;
        }
    }

    // What was put off: the phases of `phases`, and the end of a response.
    void later(tlm::tlm_generic_payload &payload, const tlm::tlm_phase &phase)
    {
        if (phase == tlm::BEGIN_REQ) {
            tlm::tlm_phase next = tlm::END_REQ;
            sc_core::sc_time delay;
            const sc_core::sc_time after = latency(payload);
            socket->nb_transport_bw(payload, next, delay);
            peq_.notify(payload, tlm::BEGIN_RESP, after);
        } else if (phase == tlm::BEGIN_RESP) {
            access(payload);
            requests_--;
            responses_.push_back(&payload);
            if (responses_.size() == 1)
                respond();
        } else { // END_RESP
            payload.release();
            responses_.pop_front();
            if (!responses_.empty())
                respond();
        }
    }

    void respond()
    {
        tlm::tlm_phase phase = tlm::BEGIN_RESP;
        sc_core::sc_time delay;
        tlm::tlm_generic_payload &payload = *responses_.front();
        if (socket->nb_transport_bw(payload, phase, delay) == tlm::TLM_COMPLETED)
            peq_.notify(payload, tlm::END_RESP, delay);
    }

    const enum style how_;
    const uint64_t base_;
    tlm_utils::peq_with_cb_and_phase<at_memory> peq_;
    std::deque<tlm::tlm_generic_payload *> responses_; // the first has begun
    unsigned requests_ = 0;                            // that are to be responded to by a call
};

#endif
