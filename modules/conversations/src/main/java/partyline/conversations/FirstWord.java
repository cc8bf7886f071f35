package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import partyline.identities.Identity;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Tx;
import partyline.transport.Line;

/// Whether an agent may write to somebody who has not written to it: nowhere, but on a number of its own that
/// the operator opened for that. Whether its rules allow it was asked before.
final class FirstWord {

    private final DedicatedNumbers numbers;
    private final ConnectionWriter connections;
    private final InstantSource clock;

    FirstWord(DedicatedNumbers numbers, ConnectionWriter connections, InstantSource clock) {
        this.numbers = numbers;
        this.connections = connections;
        this.clock = clock;
    }

    /// Why the agent must wait for the person; empty when it need not. `connected` is empty when the two
    /// never were.
    Optional<SendOutcome> refusal(Tx tx, Identity identity, PhoneNumber person, Optional<Connection> connected) {
        Optional<Line> line = numbers.lineOf(tx.handle(), identity)
                .filter(FirstWord::isOpened)
                .filter(own -> connected.isEmpty() || connected.get().line().equals(own.id()));
        if (line.isEmpty()) {
            return Optional.of(
                    connected.isEmpty()
                            ? new SendOutcome.NotConnected(identity.handle())
                            : new SendOutcome.AwaitingInbound());
        }
        if (numbers.isStopped(tx.handle(), person, line.get().id())) {
            return Optional.of(new SendOutcome.OptedOut(person));
        }
        Instant now = clock.instant();
        return connected.isPresent()
                ? Optional.empty()
                : connections
                        .restsUntil(tx, line.get(), person)
                        .<SendOutcome>map(until -> new SendOutcome.LineRests(until, Duration.between(now, until)));
    }

    Connection connect(Tx tx, Identity identity, PhoneNumber person) {
        return connections.connectOnOwn(
                tx, identity, person, numbers.lineOf(tx.handle(), identity).orElseThrow());
    }

    private static boolean isOpened(Line line) {
        return line.terms().dedicated().filter(Line.Dedication::cold).isPresent();
    }
}
