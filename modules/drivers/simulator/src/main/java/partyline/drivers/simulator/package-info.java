/// The phone network behind the [Simulator][partyline.drivers.simulator.Simulator]: what a line does to a phone
/// ([OutboundPhone][partyline.drivers.simulator.OutboundPhone]), what goes wrong on the way
/// ([FaultyNetwork][partyline.drivers.simulator.FaultyNetwork]), what a person does with it
/// ([UserActions][partyline.drivers.simulator.UserActions]), what the phone shows
/// ([PhoneView][partyline.drivers.simulator.PhoneView]), and the
/// [DeliveryScheduler][partyline.drivers.simulator.DeliveryScheduler] that brings things about a little later.
///
/// It passes the contract of all drivers: `docs/drivers.md`.
@NullMarked
package partyline.drivers.simulator;

import org.jspecify.annotations.NullMarked;
