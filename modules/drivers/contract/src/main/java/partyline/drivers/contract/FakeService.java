package partyline.drivers.contract;

import partyline.transport.Driver;

/// A fake service together with the driver that is tried on it.
public interface FakeService extends FakeLine {

    /// The driver that a run of the program uses, as its kind makes it.
    Driver driver(Rig.Program program);

    /// The program has stopped; [#driver] is called when it starts again.
    default void programStopped() {}
}
