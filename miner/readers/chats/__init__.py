"""Chats, messaging and bots."""
