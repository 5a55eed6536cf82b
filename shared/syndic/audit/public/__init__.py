"""What convinces those who do not believe the platform: tiles, checkpoints, proofs, exports, witnesses."""
