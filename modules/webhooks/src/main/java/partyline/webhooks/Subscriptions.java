package partyline.webhooks;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import partyline.identities.Caller;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.identities.SigningKeys;
import partyline.kernel.Id;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.outbound.Outbound;
import tools.jackson.databind.JsonNode;

/// Who wants to hear of which events, and where.
///
/// An identity has at most twenty subscriptions, an organization a thousand, and an identity one per channel
/// and URL. A URL is kept in its normal form. What a caller may not see does not exist for it. Thread-safe:
/// it holds no state of its own.
public final class Subscriptions {

    private static final int MOST_PER_IDENTITY = 20;
    private static final int MOST_PER_ORGANIZATION = 1_000;

    /// Narrows a list; what is empty does not matter. `url` matches as a whole, `eventType` when it is among
    /// the types.
    public record Filter(Optional<Id> identity, Optional<String> url, Optional<String> eventType) {

        public Filter {
            url = url.map(Outbound::normal);
        }

        boolean matches(Subscription subscription) {
            return identity.map(subscription.identity()::equals).orElse(true)
                    && url.map(subscription.url()::equals).orElse(true)
                    && eventType.map(subscription.eventTypes()::contains).orElse(true);
        }
    }

    /// What to change; what is empty stays. A context that is JSON null is taken away.
    public record Change(Optional<String> url, Optional<List<String>> eventTypes, Optional<JsonNode> context) {

        public Change {
            url = url.map(Outbound::normal);
        }
    }

    private final Storage storage;
    private final Identities identities;
    private final SigningKeys keys;
    private final Outbound outbound;
    private final SubscriptionStore store = new SubscriptionStore();
    private final EndingStore deliveries = new EndingStore();

    /// A field of the wire and what is wrong with it.
    private record Problem(String field, String message) {}

    public Subscriptions(Storage storage, Identities identities, SigningKeys keys, Outbound outbound) {
        this.storage = storage;
        this.identities = identities;
        this.keys = keys;
        this.outbound = outbound;
    }

    /// Subscribes, and makes the identity's signing key if it has none, so that nothing is ever sent
    /// unsigned. The URL is judged by its form; no name is resolved.
    public CreateOutcome create(Caller caller, NewSubscription wish) {
        Optional<Problem> problem =
                problem(caller, Optional.of(wish.url()), Optional.of(wish.eventTypes()), wish.context());
        if (problem.isPresent()) {
            return new CreateOutcome.Invalid(
                    problem.get().field(), problem.get().message());
        }
        return storage.database().write(tx -> create(tx, caller, wish));
    }

    /// Changes a subscription; the owner stays. Events that it no longer names are not posted any more.
    public UpdateOutcome update(Caller caller, Id id, Change change) {
        Optional<Problem> problem = problem(
                caller, change.url(), change.eventTypes(), change.context().filter(node -> !node.isNull()));
        if (problem.isPresent()) {
            return new UpdateOutcome.Invalid(
                    problem.get().field(), problem.get().message());
        }
        return storage.database()
                .write(tx -> store.find(tx.handle(), caller, id)
                        .map(subscription -> update(tx, subscription, change))
                        .orElseGet(UpdateOutcome.NotFound::new));
    }

    /// What the caller sees, newest first.
    public List<Subscription> list(Caller caller, Filter filter) {
        return storage.database().read(handle -> store.list(handle, caller)).stream()
                .filter(filter::matches)
                .toList();
    }

    public Optional<Subscription> find(Caller caller, Id id) {
        return storage.database().read(handle -> store.find(handle, caller, id));
    }

    /// Ends a subscription and what it was still owed; false when the caller sees no such subscription.
    public boolean delete(Caller caller, Id id) {
        return storage.database().write(tx -> {
            Optional<Subscription> found = store.find(tx.handle(), caller, id);
            found.ifPresent(subscription -> end(tx, subscription));
            return found.isPresent();
        });
    }

    /// Ends every subscription of an identity that is being deleted.
    public void deleteAll(Tx tx, Id identity) {
        store.ofIdentity(tx, identity).forEach(subscription -> end(tx, subscription));
    }

    private CreateOutcome create(Tx tx, Caller caller, NewSubscription wish) {
        Optional<Identity> owner = identities.find(tx, caller, wish.identity());
        if (owner.isEmpty()) {
            return new CreateOutcome.OwnerNotFound();
        }
        Id identity = owner.get().id();
        Channel channel = Channel.of(wish.eventTypes().getFirst()).orElseThrow();
        if (store.named(tx, identity, channel, wish.url()).isPresent()) {
            return new CreateOutcome.DuplicateUrl();
        }
        if (store.count(tx, identity) >= MOST_PER_IDENTITY) {
            return new CreateOutcome.LimitReached(MOST_PER_IDENTITY);
        }
        if (store.count(tx, caller.organization()) >= MOST_PER_ORGANIZATION) {
            return new CreateOutcome.OrganizationFull(MOST_PER_ORGANIZATION);
        }
        Instant now = storage.clock().instant();
        Subscription made = new Subscription(
                storage.ids().next(),
                caller.organization(),
                identity,
                wish.url(),
                wish.eventTypes(),
                context(wish.context()),
                Optional.empty(),
                now,
                now);
        store.insert(tx, made, channel, caller.operator());
        return new CreateOutcome.Created(made, keys.ensure(tx, identity));
    }

    private UpdateOutcome update(Tx tx, Subscription old, Change change) {
        Subscription wished = old.with(
                change.url().orElse(old.url()),
                change.eventTypes().orElse(old.eventTypes()),
                change.context().isPresent() ? context(change.context()) : old.context(),
                old.updatedAt());
        if (wished.equals(old)) {
            return new UpdateOutcome.Updated(old);
        }
        Channel channel = Channel.of(wished.eventTypes().getFirst()).orElseThrow();
        Optional<Subscription> named = store.named(tx, old.identity(), channel, wished.url());
        if (named.filter(other -> !other.id().equals(old.id())).isPresent()) {
            return new UpdateOutcome.DuplicateUrl();
        }
        Instant now = storage.clock().instant();
        Subscription updated = wished.with(wished.url(), wished.eventTypes(), wished.context(), now);
        store.update(tx, updated, channel);
        return new UpdateOutcome.Updated(updated);
    }

    private Optional<Problem> problem(
            Caller caller, Optional<String> url, Optional<List<String>> eventTypes, Optional<JsonNode> context) {
        return url.flatMap(it -> outbound.refusal(it, caller.operator()))
                .map(message -> new Problem("url", message))
                .or(() -> eventTypes.flatMap(Channel::problem).map(message -> new Problem("event_types", message)))
                .or(() ->
                        context.flatMap(ContextConfig::problem).map(message -> new Problem("context_config", message)));
    }

    private static Optional<ContextConfig> context(Optional<JsonNode> json) {
        return json.filter(node -> !node.isNull()).map(ContextConfig::read);
    }

    private void end(Tx tx, Subscription subscription) {
        store.delete(tx, subscription.id());
        deliveries.cancel(tx, subscription.id());
    }
}
