package partyline.drivers;

import java.util.Map;
import java.util.Optional;

/// Apple's names of the thirteen effects, for services that pass them on without checking them: no other is ever sent.
public final class AppleEffects {

    private static final String BUBBLE = "com.apple.MobileSMS.expressivesend.";
    private static final String SCREEN = "com.apple.messages.effect.";
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("slam", BUBBLE + "impact"),
            Map.entry("loud", BUBBLE + "loud"),
            Map.entry("gentle", BUBBLE + "gentle"),
            Map.entry("invisible", BUBBLE + "invisibleink"),
            Map.entry("echo", SCREEN + "CKEchoEffect"),
            Map.entry("spotlight", SCREEN + "CKSpotlightEffect"),
            Map.entry("balloons", SCREEN + "CKHappyBirthdayEffect"),
            Map.entry("confetti", SCREEN + "CKConfettiEffect"),
            Map.entry("love", SCREEN + "CKHeartEffect"),
            Map.entry("lasers", SCREEN + "CKLasersEffect"),
            Map.entry("fireworks", SCREEN + "CKFireworksEffect"),
            Map.entry("celebration", SCREEN + "CKSparklesEffect"),
            Map.entry("shooting_star", SCREEN + "CKShootingStarEffect"));

    private AppleEffects() {}

    /// What Apple calls this send style; empty for one that is none.
    public static Optional<String> of(String sendStyle) {
        return Optional.ofNullable(NAMES.get(sendStyle));
    }
}
