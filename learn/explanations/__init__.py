"""A reader's own explanation of a lesson: private, and compared with the lesson's points."""
