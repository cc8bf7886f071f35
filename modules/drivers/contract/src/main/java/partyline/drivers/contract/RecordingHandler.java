package partyline.drivers.contract;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Tx;
import partyline.transport.InboundEvent;
import partyline.transport.InboundHandler;
import partyline.transport.Receipt;
import partyline.transport.Stranger;

/// Remembers what it was told.
public final class RecordingHandler implements InboundHandler {

    /// By the order of their transactions, since threads that wait for one commit may go on in any order.
    private final SortedMap<Long, InboundEvent> handled = new ConcurrentSkipListMap<>();
    private final AtomicLong transactions = new AtomicLong();
    public final List<Receipt> receipts = new CopyOnWriteArrayList<>();
    public final List<Boolean> typing = new CopyOnWriteArrayList<>();
    /// What a tapback in words may quote, newest first.
    public final List<InboundHandler.RecentText> thread = new CopyOnWriteArrayList<>();

    public RecordingHandler() {}

    @Override
    public boolean handle(Tx tx, InboundEvent event) {
        long transaction = transactions.incrementAndGet();
        tx.afterCommit(() -> handled.put(transaction, event));
        return false;
    }

    @Override
    public boolean receipt(Tx tx, Receipt receipt) {
        tx.afterCommit(() -> receipts.add(receipt));
        return true;
    }

    @Override
    public List<InboundHandler.RecentText> recent(String line, PhoneNumber person) {
        return List.copyOf(thread);
    }

    @Override
    public Optional<String> stranger(Tx tx, String line, Stranger stranger) {
        return Optional.of("A number is needed, " + stranger.address() + ", to hear: " + stranger.text());
    }

    @Override
    public void typing(String line, PhoneNumber from, boolean typing) {
        this.typing.add(typing);
    }

    /// What was handled, in order.
    public List<InboundEvent> events() {
        return List.copyOf(handled.values());
    }

    public List<String> texts() {
        return events().stream()
                .map(event -> event instanceof InboundEvent.TextReceived text ? String.valueOf(text.text()) : "tapback")
                .toList();
    }

    public List<Receipt.Kind> kindsOf(String providerId) {
        return receipts.stream()
                .filter(receipt -> receipt.providerId().equals(providerId))
                .map(Receipt::kind)
                .toList();
    }
}
