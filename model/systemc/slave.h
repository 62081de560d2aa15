// SPDX-License-Identifier: BSD-2-Clause
// requester: requests of the model as transactions; slave.cpp has the timing.
#ifndef DMASIM_SYSTEMC_SLAVE_H
#define DMASIM_SYSTEMC_SLAVE_H

#include "model.h"

#include <deque>

namespace dmasim::detail
{

struct transaction : tlm::tlm_generic_payload {
    enum { REQUESTED, ACCEPTED, RESPONDED } state = REQUESTED;
    bool ends = false;      // END_RESP is to be sent
    dmasim_event request{}; // but its data
    uint64_t base = 0;      // of the payload's first byte
    uint32_t length = 0;
    uint32_t words = 0; // bytes of a word, if the payload has whole ones
    std::vector<uint8_t> bytes, enables, answer;
    bus_extension *bus = nullptr; // the payload's
};

class requester : public tlm::tlm_bw_transport_if<>, public tlm::tlm_mm_interface
{
  public:
    requester(port &owner, bool words);
    ~requester() override;

    void told(const dmasim_event &request);
    void act(unsigned what, void *with);

    tlm::tlm_fw_transport_if<> *target = nullptr; // null: nobody is bound

    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                       sc_core::sc_time &delay) override;
    void invalidate_direct_mem_ptr(sc_dt::uint64 first, sc_dt::uint64 last) override;
    void free(tlm::tlm_generic_payload *payload) override;

  protected:
    transaction *get();
    void begin(transaction &made);        // as soon as the one before has had its END_REQ
    virtual void over(transaction &made); // its response is here
    virtual void idle()
    {
    } // another one can be sent

    port &owner_;

  private:
    enum { NEXT, ANSWER };

    void lay(transaction &made, const dmasim_event &request);
    void fill(transaction &made, const dmasim_event &request);
    void fill_write(transaction &made, const dmasim_event &request);
    const std::vector<uint8_t> &read_data(transaction &made);
    void send(transaction &made);
    void step(transaction &made, const tlm::tlm_phase &phase, const sc_core::sc_time &delay);
    void requested(transaction &made, const sc_core::sc_time &delay);
    void next();
    void respond(transaction &made, const sc_core::sc_time &delay, bool ends);
    void call(transaction &made);
    void show(transaction &made);
    void answer(transaction &made);
    void wrong(const transaction &made, const char *what) const;

    const bool words_;
    const decltype(bus_extension::kind) kind_;
    std::vector<std::unique_ptr<transaction>> all_;
    std::vector<transaction *> free_;
    std::deque<transaction *> waiting_;
    transaction *requesting_ = nullptr;
    bool over_ = false; // the request phase of that is, or will be at a time that is known
};

} // namespace dmasim::detail

#endif
