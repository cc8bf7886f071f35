/// The [DriverContract][partyline.drivers.contract.DriverContract] that every driver is tried with, the
/// [FakeLine][partyline.drivers.contract.FakeLine] that stands for its service, and the
/// [Rig][partyline.drivers.contract.Rig] that runs both on a real transport. What is special about one service is
/// tested beside its driver.
@NullMarked
package partyline.drivers.contract;

import org.jspecify.annotations.NullMarked;
