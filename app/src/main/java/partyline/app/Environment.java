package partyline.app;

import java.time.Clock;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
import partyline.transport.Driver;

/// What the program stands on and does not own: the clock, and the way from a line to the world. A test puts a clock of
/// its own here, and a driver that misbehaves around the true one.
record Environment(InstantSource clock, UnaryOperator<Driver> wire) {

    static final Environment REAL = new Environment(Clock.systemUTC(), UnaryOperator.identity());
}
