package partyline.webhooks;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import partyline.identities.Caller;
import partyline.identities.Identities;
import partyline.identities.ServerKey;
import partyline.identities.SigningKeys;
import partyline.kernel.Id;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.outbound.Outbound;
import tools.jackson.databind.JsonNode;

/// Who wants to hear of which events, and where.
///
/// An identity has at most sixty subscriptions, an organization a thousand; those of an identity to one URL
/// have no event in common. A URL is kept in its normal form. What a caller may not see does not exist for
/// it. Thread-safe: it holds no state of its own.
public final class Subscriptions {

    private static final int MOST_PER_IDENTITY = 60;
    private static final int MOST_PER_ORGANIZATION = 1_000;

    /// Narrows a list; what is empty does not matter. `url` matches as a whole, `eventType` when it is among
    /// the types. Without `wide`, subscriptions to several families are left out: older clients would take
    /// them for ones to their own alone.
    public record Filter(Optional<Id> identity, Optional<String> url, Optional<String> eventType, boolean wide) {

        public Filter {
            url = url.map(Outbound::normal);
        }

        boolean matches(Subscription subscription) {
            return identity.map(subscription.identity()::equals).orElse(true)
                    && url.map(subscription.terms().url()::equals).orElse(true)
                    && eventType.map(subscription::wants).orElse(true)
                    && (wide || !subscription.terms().mixed());
        }
    }

    /// What to change; what is empty stays. A context or a token that is JSON null is taken away.
    public record Change(
            Optional<String> url,
            Optional<List<String>> eventTypes,
            Optional<JsonNode> context,
            Optional<JsonNode> token) {

        public Change {
            url = url.map(Outbound::normal);
        }

        private Subscription.Terms of(Subscription.Terms old) {
            return new Subscription.Terms(
                    url.orElse(old.url()),
                    eventTypes.orElse(old.eventTypes()),
                    context.isPresent() ? read(context) : old.context(),
                    token.map(node -> !node.isNull()).orElse(old.token()));
        }
    }

    /// On what condition a change is made: `wide` also to a subscription with several families, and
    /// `revision`, where it is given, to that one alone.
    public record Condition(boolean wide, Optional<Integer> revision) {}

    /// What became of a wish to end a subscription.
    public enum Ending {
        /// It is gone.
        ENDED,
        /// The caller sees no such subscription.
        NOT_FOUND,
        /// It has events of several families, and the caller may know of one alone.
        SCOPE_REQUIRED
    }

    private final Storage storage;
    private final Identities identities;
    private final SigningKeys keys;
    private final BearerTokens tokens;
    private final Outbound outbound;
    private final SubscriptionStore store = new SubscriptionStore();
    private final DeliveryStore deliveries = new DeliveryStore();
    private final List<Consumer<Id>> listeners = new CopyOnWriteArrayList<>();

    /// A field of the wire and what is wrong with it.
    private record Problem(String field, String message) {}

    public Subscriptions(
            Storage storage, Identities identities, SigningKeys keys, ServerKey serverKey, Outbound outbound) {
        this.storage = storage;
        this.identities = identities;
        this.keys = keys;
        this.tokens = new BearerTokens(serverKey);
        this.outbound = outbound;
    }

    /// Tells `listener` of every subscription that its owner changed or ended, on the writer's thread, before the owner
    /// is answered.
    public void listen(Consumer<Id> listener) {
        listeners.add(listener);
    }

    /// Subscribes, and makes the identity's signing key if it has none, so that nothing is ever sent
    /// unsigned. The URL is judged by its form; no name is resolved.
    public CreateOutcome create(Caller caller, NewSubscription wish) {
        Change all = new Change(Optional.of(wish.url()), Optional.of(wish.eventTypes()), wish.context(), wish.token());
        Optional<Problem> problem = problem(caller, all);
        if (problem.isPresent()) {
            return new CreateOutcome.Invalid(
                    problem.get().field(), problem.get().message());
        }
        Id id = storage.ids().next();
        Subscription.Terms terms = new Subscription.Terms(
                wish.url(),
                wish.eventTypes(),
                read(wish.context()),
                wish.token().isPresent());
        Optional<String> sealed = sealed(id, wish.token());
        return storage.database().write(tx -> create(tx, caller, wish.identity(), id, terms, sealed));
    }

    /// Changes a subscription; the owner stays. Events that it no longer names are not posted any more.
    public UpdateOutcome update(Caller caller, Id id, Change change, Condition condition) {
        Optional<Problem> problem = problem(caller, change);
        if (problem.isPresent()) {
            return new UpdateOutcome.Invalid(
                    problem.get().field(), problem.get().message());
        }
        Optional<String> sealed = sealed(id, change.token());
        return storage.database()
                .write(tx -> store.find(tx.handle(), caller, id)
                        .map(old -> update(tx, old, change, condition, sealed))
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

    /// Ends a subscription and what it was still owed; one with several families only for who is `wide`.
    public Ending delete(Caller caller, Id id, boolean wide) {
        return storage.database()
                .write(tx -> store.find(tx.handle(), caller, id)
                        .map(found -> {
                            if (found.terms().mixed() && !wide) {
                                return Ending.SCOPE_REQUIRED;
                            }
                            end(tx, found);
                            return Ending.ENDED;
                        })
                        .orElse(Ending.NOT_FOUND));
    }

    /// Ends every subscription of an identity that is being deleted.
    public void deleteAll(Tx tx, Id identity) {
        store.ofIdentity(tx, identity).forEach(subscription -> end(tx, subscription));
    }

    private CreateOutcome create(
            Tx tx, Caller caller, Id identity, Id id, Subscription.Terms terms, Optional<String> sealed) {
        if (identities.find(tx, caller, identity).isEmpty()) {
            return new CreateOutcome.OwnerNotFound();
        }
        List<Subscription> others = store.ofIdentity(tx, identity);
        if (overlap(others, terms)) {
            return new CreateOutcome.DuplicateUrl();
        }
        if (others.size() >= MOST_PER_IDENTITY) {
            return new CreateOutcome.LimitReached(MOST_PER_IDENTITY);
        }
        if (store.count(tx, caller.organization()) >= MOST_PER_ORGANIZATION) {
            return new CreateOutcome.OrganizationFull(MOST_PER_ORGANIZATION);
        }
        Subscription.Version first = Subscription.Version.first(storage.clock().instant());
        Subscription made = new Subscription(id, caller.organization(), identity, terms, Optional.empty(), first);
        store.insert(tx, made, sealed, caller.operator(), storage.journal().head(tx, caller.organization()));
        return new CreateOutcome.Created(made, keys.ensure(tx, identity));
    }

    private UpdateOutcome update(Tx tx, Subscription old, Change change, Condition condition, Optional<String> sealed) {
        if (old.terms().mixed() && !condition.wide()) {
            return new UpdateOutcome.ScopeRequired();
        }
        if (!condition.revision().map(it -> it == old.version().revision()).orElse(true)) {
            return new UpdateOutcome.Changed();
        }
        Subscription.Terms wished = change.of(old.terms());
        if (wished.equals(old.terms()) && sealed.isEmpty()) {
            return new UpdateOutcome.Updated(old);
        }
        List<Subscription> others = store.ofIdentity(tx, old.identity()).stream()
                .filter(other -> !other.id().equals(old.id()))
                .toList();
        if (overlap(others, wished)) {
            return new UpdateOutcome.DuplicateUrl();
        }
        Subscription updated = old.with(wished, storage.clock().instant());
        store.update(tx, updated, sealed);
        tx.onCommit(() -> tell(old.id()));
        return new UpdateOutcome.Updated(updated);
    }

    private static boolean overlap(List<Subscription> others, Subscription.Terms terms) {
        return others.stream().anyMatch(other -> other.terms().overlap(terms));
    }

    private Optional<Problem> problem(Caller caller, Change change) {
        return change.url()
                .flatMap(it -> outbound.refusal(it, caller.operator()))
                .map(message -> new Problem("url", message))
                .or(() -> change.eventTypes()
                        .flatMap(EventTypes::problem)
                        .map(message -> new Problem("event_types", message)))
                .or(() -> given(change.context())
                        .flatMap(ContextConfig::problem)
                        .map(message -> new Problem("context_config", message)))
                .or(() -> given(change.token())
                        .flatMap(BearerTokens::problem)
                        .map(message -> new Problem("auth_token", message)));
    }

    private static Optional<JsonNode> given(Optional<JsonNode> json) {
        return json.filter(node -> !node.isNull());
    }

    private static Optional<ContextConfig> read(Optional<JsonNode> json) {
        return given(json).map(ContextConfig::read);
    }

    private Optional<String> sealed(Id subscription, Optional<JsonNode> token) {
        return given(token).map(node -> tokens.seal(subscription, node.stringValue()));
    }

    private void end(Tx tx, Subscription subscription) {
        store.delete(tx, subscription.id());
        deliveries.cancelAll(tx, subscription.id());
        tx.onCommit(() -> tell(subscription.id()));
    }

    private void tell(Id changed) {
        listeners.forEach(listener -> listener.accept(changed));
    }
}
