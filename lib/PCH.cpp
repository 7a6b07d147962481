// Anchors the precompiled header that every compiler library shares.
