package partyline.drivers.simulator;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver;
import partyline.transport.InboundEvent;
import partyline.transport.Line;
import partyline.transport.Outgoing;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Stranger;

/// Stands between the server and the phones, and does wrong what it was told to: to what the server sends, and to what
/// it hears. Thread-safe.
final class FaultyNetwork {

    private static final Set<Fault.Kind> OF_SENDS =
            Set.copyOf(EnumSet.complementOf(EnumSet.of(Fault.Kind.DROP_RECEIPT, Fault.Kind.DUPLICATE_INBOUND)));

    private final OutboundPhone lineSide;
    private final Faults faults = new Faults();
    /// What each person was sent last.
    private final Map<PhoneNumber, String> last = new ConcurrentHashMap<>();

    FaultyNetwork(OutboundPhone lineSide) {
        this.lineSide = lineSide;
    }

    /// Arms a fault for whichever of `lines` comes first.
    void expect(Fault fault, List<Line> lines) {
        faults.expect(fault, lines);
    }

    /// Sends over the line, or does what the next fault says.
    SendResult send(Line line, Outgoing message) {
        Optional<Fault> fault = faults.take(line.id(), OF_SENDS);
        SendResult result = fault.isEmpty()
                ? lineSide.send(line, message, OutboundPhone.Course.USUAL)
                : send(line, message, fault.get());
        if (result instanceof SendResult.Accepted accepted) {
            last.put(message.to(), accepted.providerId());
        }
        return result;
    }

    private SendResult send(Line line, Outgoing message, Fault fault) {
        return switch (fault.kind()) {
            case REFUSE -> new SendResult.Refused("simulated_refusal", "The simulator was told to refuse this text.");
            case NOT_SENT -> new SendResult.NotSent("The simulator was told not to send.");
            case UNKNOWN_SENT -> {
                lineSide.send(line, message, OutboundPhone.Course.USUAL);
                yield unknown();
            }
            case UNKNOWN_LOST -> unknown();
            case FAIL -> lineSide.send(line, message, new OutboundPhone.Course("simulated_failure", Duration.ZERO));
            case FAIL_NO_IMESSAGE ->
                lineSide.send(line, message, new OutboundPhone.Course(SendResult.Refused.NO_IMESSAGE, Duration.ZERO));
            case REPEAT_ID -> repeated(message, lineSide.send(line, message, OutboundPhone.Course.USUAL));
            case DELAY -> lineSide.send(line, message, new OutboundPhone.Course(null, fault.delay()));
            case DROP_RECEIPT, DUPLICATE_INBOUND -> throw new IllegalStateException("no fault of sends: " + fault);
        };
    }

    private SendResult repeated(Outgoing message, SendResult result) {
        String before = last.get(message.to());
        return before != null && result instanceof SendResult.Accepted accepted
                ? new SendResult.Accepted(before, accepted.service(), accepted.sentAtOnce())
                : result;
    }

    private static SendResult unknown() {
        return new SendResult.Unknown("The simulator was told not to tell.");
    }

    /// The way to `server` on which receipts are lost and news comes twice.
    Driver.Inbound over(Driver.Inbound server) {
        return new Driver.Inbound() {

            @Override
            public News accept(InboundEvent event) {
                News news = server.accept(event);
                if (faults.take(event.line(), Set.of(Fault.Kind.DUPLICATE_INBOUND))
                        .isPresent()) {
                    server.accept(event);
                }
                return news;
            }

            @Override
            public void receipt(Receipt receipt) {
                if (faults.take(receipt.line(), Set.of(Fault.Kind.DROP_RECEIPT)).isEmpty()) {
                    server.receipt(receipt);
                }
            }

            @Override
            public void typing(String line, PhoneNumber from, boolean typing) {
                server.typing(line, from, typing);
            }

            @Override
            public void stranger(String line, Stranger stranger) {
                server.stranger(line, stranger);
            }

            @Override
            public void dropped(String line, String reason) {
                server.dropped(line, reason);
            }
        };
    }
}
