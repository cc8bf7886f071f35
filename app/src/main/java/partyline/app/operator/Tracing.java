package partyline.app.operator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import partyline.conversations.Conversations;
import partyline.conversations.MessageTrace;
import partyline.kernel.EventLog;
import partyline.kernel.Id;
import partyline.kernel.Timestamps;
import partyline.kernel.TraceStep;
import partyline.webhooks.DeliveryLog;

/// One message's whole way, from all modules that keep some of it. Neither its words nor anybody's number.
public final class Tracing {

    private final Conversations conversations;
    private final EventLog events;
    private final DeliveryLog deliveries;

    public Tracing(Conversations conversations, EventLog events, DeliveryLog deliveries) {
        this.conversations = conversations;
        this.events = events;
        this.deliveries = deliveries;
    }

    /// What there is of `message`, a step a line, oldest first; empty when there is no such message.
    Optional<String> of(Id message) {
        return conversations.trace(message).map(this::text);
    }

    private String text(MessageTrace trace) {
        List<EventLog.Traced> told = events.trace(trace.organization(), trace.identity(), trace.message());
        List<TraceStep> steps = new ArrayList<>(trace.steps());
        told.forEach(event -> steps.add(new TraceStep(event.at(), "event " + event.type() + "  " + event.id())));
        List<Id> ids = told.stream().map(EventLog.Traced::event).toList();
        steps.addAll(deliveries.trace(trace.organization(), trace.message(), ids));
        return "message       %s  (%s)\norganization  %s\nidentity      %s\n\n"
                        .formatted(trace.message(), trace.summary(), trace.organization(), trace.identity())
                + steps.stream()
                        .sorted(Comparator.comparing(TraceStep::at))
                        .map(step -> Timestamps.iso(step.at()) + "  " + step.what())
                        .collect(Collectors.joining("\n"));
    }
}
