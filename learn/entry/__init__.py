"""The door: how somebody who has shown who they are comes into their account."""
