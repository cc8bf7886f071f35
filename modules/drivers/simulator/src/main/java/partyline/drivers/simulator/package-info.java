/// The phone network behind the [Simulator][partyline.drivers.simulator.Simulator]: what a line does to a phone
/// ([LineSide][partyline.drivers.simulator.LineSide]), what goes wrong on the way
/// ([FaultyNetwork][partyline.drivers.simulator.FaultyNetwork]), what a person does with it
/// ([PersonSide][partyline.drivers.simulator.PersonSide]), what the phone shows
/// ([PhoneView][partyline.drivers.simulator.PhoneView]), and the
/// [Courier][partyline.drivers.simulator.Courier] that brings things about a little later.
///
/// It passes the contract of all drivers: `docs/drivers.md`.
@NullMarked
package partyline.drivers.simulator;

import org.jspecify.annotations.NullMarked;
