/// The phone network behind the [Simulator][partyline.transport.Simulator]: what a line does to a phone
/// ([LineSide][partyline.transport.internal.simulator.LineSide]), what goes wrong on the way
/// ([FaultyNetwork][partyline.transport.internal.simulator.FaultyNetwork]), what a person does with it
/// ([PersonSide][partyline.transport.internal.simulator.PersonSide]), what the phone shows
/// ([PhoneView][partyline.transport.internal.simulator.PhoneView]), and the
/// [Courier][partyline.transport.internal.simulator.Courier] that brings things about a little later.
///
/// It passes the contract of all drivers: `docs/drivers.md`.
@NullMarked
package partyline.transport.internal.simulator;

import org.jspecify.annotations.NullMarked;
