/// The driver for a phone of one's own with a SIM card: SMS, and MMS as far as it goes, over the app SMS
/// Gateway for Android, on the phone itself or through the app's server. What is written here about the
/// app is as of its version 1.75.0 (September 2026): its source `capcom6/android-sms-gateway`, its
/// server's `android-sms-gateway/server`, and <https://docs.sms-gate.app>.
@NullMarked
package partyline.drivers.androidsms;

import org.jspecify.annotations.NullMarked;
