package partyline.webhooks;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import partyline.identities.Caller;
import partyline.identities.Identities;
import partyline.identities.ServerKey;
import partyline.identities.SigningKeys;
import partyline.kernel.Backlog;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
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
    private static final Subscription.Terms NOTHING = new Subscription.Terms("", List.of(), Optional.empty(), false);

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

    /// What an owner sets, as a client sent it: nothing but the types of the values is checked, and the URL is
    /// brought to its normal form. What is empty stays, and a new subscription needs a URL and events. A
    /// context (`context_config`) or a token (`auth_token`) that is JSON null is taken away.
    public record Change(
            Optional<String> url,
            Optional<List<String>> eventTypes,
            Optional<JsonNode> context,
            Optional<JsonNode> token) {

        public Change {
            url = url.map(Outbound::normal);
            eventTypes = eventTypes.map(List::copyOf);
        }

        /// With nothing left out that a new subscription must have: what is not given is refused as empty.
        private Change whole() {
            return new Change(Optional.of(url.orElse("")), Optional.of(eventTypes.orElse(List.of())), context, token);
        }

        private Subscription.Terms of(Subscription.Terms old) {
            return new Subscription.Terms(
                    url.orElse(old.url()),
                    eventTypes.orElse(old.eventTypes()),
                    context.isPresent() ? given(context).map(ContextConfig::read) : old.context(),
                    token.map(node -> !node.isNull()).orElse(old.token()));
        }
    }

    /// On what condition a change is made: `wide` also to a subscription with several families, and
    /// `revision`, where it is given, to that one alone.
    public record Condition(boolean wide, Optional<Integer> revision) {}

    /// How many subscriptions of an organization do well, have only failed for a while, and are paused.
    public record ReceiverCounts(int active, int failing, int paused) {}

    /// What became of a wish for a subscription, or to change or end one.
    public sealed interface Outcome {

        /// It is as wished, or it is gone. `signingKey` is the text of the identity's first signing key if this
        /// call made it, told only now.
        record Done(Subscription subscription, Optional<String> signingKey) implements Outcome {}

        /// The caller sees no such subscription, or for a new one no such identity.
        record NotFound() implements Outcome {}

        /// `field` (a name of the wire) is wrong; `message` reads on after it: "url must start with https://".
        record Invalid(String field, String message) implements Outcome {}

        /// It has events of several families, and the caller may know of one alone.
        record ScopeRequired() implements Outcome {}

        /// Its revision is not the one that the caller expected.
        record Changed() implements Outcome {}

        /// Another subscription of the identity posts one of the events to this URL.
        record DuplicateUrl() implements Outcome {}

        /// The identity has `most` subscriptions, the most that one may have.
        record LimitReached(int most) implements Outcome {}

        /// The organization has `most` subscriptions, the most that one may have.
        record OrganizationFull(int most) implements Outcome {}
    }

    private final Storage storage;
    private final Identities identities;
    private final SigningKeys keys;
    private final BearerTokens tokens;
    private final Outbound outbound;
    private final SubscriptionStore store = new SubscriptionStore();
    private final DeliveryStore deliveries = new DeliveryStore();
    private final List<Consumer<Id>> listeners = new CopyOnWriteArrayList<>();

    public Subscriptions(
            Storage storage, Identities identities, SigningKeys keys, ServerKey serverKey, Outbound outbound) {
        this.storage = storage;
        this.identities = identities;
        this.keys = keys;
        this.tokens = new BearerTokens(serverKey);
        this.outbound = outbound;
    }

    /// Tells `listener` of every subscription that its owner changed or ended, on the writer's thread, before
    /// the owner is answered.
    public void listen(Consumer<Id> listener) {
        listeners.add(listener);
    }

    /// Subscribes, and makes the identity's signing key if it has none, so that nothing is ever sent
    /// unsigned. The URL is judged by its form; no name is resolved.
    public Outcome create(Caller caller, Id identity, Change wish) {
        Optional<Outcome.Invalid> problem = problem(caller, wish.whole());
        if (problem.isPresent()) {
            return problem.get();
        }
        Id id = storage.ids().next();
        Optional<String> sealed = sealed(id, wish.token());
        return storage.database().write(tx -> create(tx, caller, identity, id, wish.of(NOTHING), sealed));
    }

    /// Changes a subscription; the owner stays. Events that it no longer names are not posted any more.
    public Outcome update(Caller caller, Id id, Change change, Condition condition) {
        Optional<Outcome.Invalid> problem = problem(caller, change);
        if (problem.isPresent()) {
            return problem.get();
        }
        Optional<String> sealed = sealed(id, change.token());
        return storage.database()
                .write(tx -> store.find(tx.handle(), caller, id)
                        .map(old -> update(tx, old, change, condition, sealed))
                        .orElseGet(Outcome.NotFound::new));
    }

    /// What the caller sees, newest first.
    public List<Subscription> list(Caller caller, Filter filter) {
        return storage.database().read(handle -> store.list(handle, caller)).stream()
                .filter(filter::matches)
                .toList();
    }

    /// How one receiver does: since when it has only failed, and what it waits for.
    public record ReceiverHealth(Optional<Instant> failingSince, Backlog waiting) {}

    /// How the receiver of a subscription does that the caller sees.
    public ReceiverHealth health(Subscription subscription) {
        return storage.database().read(handle -> store.health(handle, subscription.id()));
    }

    public ReceiverCounts counts(OrganizationId organization) {
        return storage.database().read(handle -> store.counts(handle, organization));
    }

    /// How the receivers of all organizations do.
    public ReceiverCounts counts() {
        return storage.database().read(store::counts);
    }

    /// What all that the caller sees wait for.
    public Backlog backlog(Caller caller) {
        return storage.database()
                .read(handle -> store.list(handle, caller).stream()
                        .map(subscription -> store.backlog(handle, subscription.id()))
                        .reduce(Backlog.NONE, Backlog::plus));
    }

    public Optional<Subscription> find(Caller caller, Id id) {
        return storage.database().read(handle -> store.find(handle, caller, id));
    }

    /// Ends a subscription and what it was still owed; one with several families only for who is `wide`.
    public Outcome delete(Caller caller, Id id, boolean wide) {
        return storage.database()
                .write(tx -> store.find(tx.handle(), caller, id)
                        .map(found -> {
                            if (found.terms().mixed() && !wide) {
                                return new Outcome.ScopeRequired();
                            }
                            end(tx, found);
                            return done(found);
                        })
                        .orElseGet(Outcome.NotFound::new));
    }

    /// Ends every subscription of an identity that is being deleted.
    public void deleteAll(Tx tx, Id identity) {
        store.ofIdentity(tx, identity).forEach(subscription -> end(tx, subscription));
    }

    private Outcome create(
            Tx tx, Caller caller, Id identity, Id id, Subscription.Terms terms, Optional<String> sealed) {
        if (identities.find(tx, caller, identity).isEmpty()) {
            return new Outcome.NotFound();
        }
        List<Subscription> others = store.ofIdentity(tx, identity);
        if (overlap(others, terms)) {
            return new Outcome.DuplicateUrl();
        }
        if (others.size() >= MOST_PER_IDENTITY) {
            return new Outcome.LimitReached(MOST_PER_IDENTITY);
        }
        if (store.count(tx.handle(), caller.organization()) >= MOST_PER_ORGANIZATION) {
            return new Outcome.OrganizationFull(MOST_PER_ORGANIZATION);
        }
        Subscription.Version first = Subscription.Version.first(storage.clock().instant());
        Subscription made = new Subscription(id, caller.organization(), identity, terms, Optional.empty(), first);
        store.insert(tx, made, sealed, caller.operator(), storage.journal().head(tx, caller.organization()));
        return new Outcome.Done(made, keys.ensure(tx, identity));
    }

    private Outcome update(Tx tx, Subscription old, Change change, Condition condition, Optional<String> sealed) {
        if (old.terms().mixed() && !condition.wide()) {
            return new Outcome.ScopeRequired();
        }
        if (!condition.revision().map(it -> it == old.version().revision()).orElse(true)) {
            return new Outcome.Changed();
        }
        Subscription.Terms wished = change.of(old.terms());
        if (wished.equals(old.terms()) && sealed.isEmpty()) {
            return done(old);
        }
        List<Subscription> others = store.ofIdentity(tx, old.identity()).stream()
                .filter(other -> !other.id().equals(old.id()))
                .toList();
        if (overlap(others, wished)) {
            return new Outcome.DuplicateUrl();
        }
        Subscription updated = old.with(wished, storage.clock().instant());
        store.update(tx, updated, sealed);
        store.pass(tx, old, storage.journal().head(tx, old.organization()));
        tx.onCommit(() -> tell(old.id()));
        return done(updated);
    }

    private static boolean overlap(List<Subscription> others, Subscription.Terms terms) {
        return others.stream().anyMatch(other -> other.terms().overlap(terms));
    }

    private static Outcome done(Subscription subscription) {
        return new Outcome.Done(subscription, Optional.empty());
    }

    private Optional<Outcome.Invalid> problem(Caller caller, Change change) {
        return problem("url", change.url().flatMap(it -> outbound.refusal(it, caller.operator())))
                .or(() -> problem("event_types", change.eventTypes().flatMap(EventTypes::problem)))
                .or(() -> problem("context_config", given(change.context()).flatMap(ContextConfig::problem)))
                .or(() -> problem("auth_token", given(change.token()).flatMap(BearerTokens::problem)));
    }

    private static Optional<Outcome.Invalid> problem(String field, Optional<String> found) {
        return found.map(message -> new Outcome.Invalid(field, message));
    }

    private static Optional<JsonNode> given(Optional<JsonNode> json) {
        return json.filter(node -> !node.isNull());
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
