package partyline.transport;

import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Tx;

/// Remembers what it was told; fails and recognizes as it is bidden.
final class ObedientHandler implements InboundHandler {

    /// By the order of their transactions, since threads that wait for one commit may go on in any order.
    private final SortedMap<Long, InboundEvent> handled = new ConcurrentSkipListMap<>();
    private final AtomicLong transactions = new AtomicLong();
    final List<Receipt> receipts = new CopyOnWriteArrayList<>();
    final List<Boolean> typing = new CopyOnWriteArrayList<>();
    /// What a tapback in words may quote, newest first.
    final List<InboundHandler.RecentText> thread = new CopyOnWriteArrayList<>();

    volatile Consumer<PhoneNumber> tells = _ -> {};
    volatile Consumer<InboundEvent> before = _ -> {};
    volatile Consumer<InboundEvent> fetches = _ -> {};
    volatile Predicate<Receipt> recognizes = _ -> true;

    @Override
    public boolean handle(Tx tx, InboundEvent event) {
        before.accept(event);
        long transaction = transactions.incrementAndGet();
        tx.afterCommit(() -> handled.put(transaction, event));
        return false;
    }

    @Override
    public Consumer<Tx> prepare(InboundEvent event) {
        fetches.accept(event);
        return tx -> handle(tx, event);
    }

    @Override
    public boolean receipt(Tx tx, Receipt receipt) {
        boolean known = recognizes.test(receipt);
        if (known) {
            tx.afterCommit(() -> receipts.add(receipt));
        }
        return known;
    }

    @Override
    public List<InboundHandler.RecentText> recent(String line, PhoneNumber person) {
        tells.accept(person);
        return List.copyOf(thread);
    }

    @Override
    public void typing(String line, PhoneNumber from, boolean typing) {
        this.typing.add(typing);
    }

    /// What was handled, in order.
    List<InboundEvent> events() {
        return List.copyOf(handled.values());
    }

    List<String> texts() {
        return events().stream()
                .map(event -> event instanceof InboundEvent.TextReceived text ? String.valueOf(text.text()) : "tapback")
                .toList();
    }
}
