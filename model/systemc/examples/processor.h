// SPDX-License-Identifier: BSD-2-Clause
//
// processor: what a CPU model is to a bus: an initiator whose loads and stores are calls, approximately or loosely timed.
// It knows nothing of dmasim.
#ifndef PROCESSOR_H
#define PROCESSOR_H

#include <tlm>

#include <cstring>
#include <functional>
#include <memory>
#include <systemc>
#include <vector>

class processor : public sc_core::sc_module,
                  public tlm::tlm_bw_transport_if<>,
                  public tlm::tlm_mm_interface
{
  public:
    explicit processor(const sc_core::sc_module_name &name, bool blocking = false)
        : sc_module(name), socket("socket"), blocking(blocking)
    {
        socket.bind(*this);
    }

    tlm::tlm_initiator_socket<> socket;
    bool blocking; // b_transport() rather than the four phases
    std::function<void(tlm::tlm_generic_payload &)> prepare; // extensions, before it is sent

    // In an SC_THREAD. Enables may be null, width 0 is the length.
    tlm::tlm_response_status transport(bool write, uint64_t address, void *data, unsigned length,
                                       unsigned char *enables = nullptr, unsigned width = 0)
    {
        if (free_.empty()) {
            all_.push_back(std::make_unique<tlm::tlm_generic_payload>(this));
            free_.push_back(all_.back().get());
        }
        tlm::tlm_generic_payload &payload = *free_.back();
        free_.pop_back();
        payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        payload.acquire();
        payload.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
        payload.set_address(address);
        payload.set_data_ptr(static_cast<unsigned char *>(data));
        payload.set_data_length(length);
        payload.set_streaming_width(width ? width : length);
        payload.set_byte_enable_ptr(enables);
        payload.set_byte_enable_length(enables ? length : 0);
        if (prepare)
            prepare(payload);
        sc_core::sc_time delay;
        if (blocking) {
            socket->b_transport(payload, delay);
            sc_core::wait(delay);
        } else {
            phases(payload);
        }
        const tlm::tlm_response_status status = payload.get_response_status();
        payload.release();
        return status;
    }

    void store(uint64_t address, uint32_t value)
    {
        transport(true, address, &value, 4);
    }
    uint32_t load(uint64_t address)
    {
        uint32_t value = 0;
        transport(false, address, &value, 4);
        return value;
    }

    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload &, tlm::tlm_phase &phase,
                                       sc_core::sc_time &delay) override
    {
        phase_ = phase;
        event_.notify(delay);
        return tlm::TLM_ACCEPTED;
    }
    void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override
    {
    }
    void free(tlm::tlm_generic_payload *payload) override
    {
        payload->reset();
        free_.push_back(payload);
    }

  private:
    void phases(tlm::tlm_generic_payload &payload)
    {
        sc_core::sc_time delay;
        tlm::tlm_phase phase = phase_ = tlm::BEGIN_REQ;
        const tlm::tlm_sync_enum how = socket->nb_transport_fw(payload, phase, delay);
        if (how == tlm::TLM_COMPLETED) {
            sc_core::wait(delay);
            return;
        }
        if (how == tlm::TLM_UPDATED) {
            phase_ = phase;
            sc_core::wait(delay);
        }
        while (phase_ != tlm::BEGIN_RESP)
            sc_core::wait(event_);
        phase = tlm::END_RESP;
        delay = sc_core::SC_ZERO_TIME;
        socket->nb_transport_fw(payload, phase, delay);
    }

    // A simulation that is stopped does not unwind its threads: whose payloads these are goes with the module.
    std::vector<std::unique_ptr<tlm::tlm_generic_payload>> all_;
    std::vector<tlm::tlm_generic_payload *> free_;
    tlm::tlm_phase phase_;
    sc_core::sc_event event_;
};

#endif
