CREATE TABLE Metrics (
    MRN varchar(64) NOT NULL CHECK (length(MRN) <= 64),
    PlanID smallint unsigned NOT NULL,
    ROINumber int NOT NULL,
    Number int NOT NULL,
    Metric varchar(255) NOT NULL CHECK (length(Metric) <= 255),
    Value double,
    Unit varchar(16) NOT NULL CHECK (length(Unit) <= 16),
    Low double,
    High double,
    Reason mediumtext,
    PRIMARY KEY (MRN, PlanID, ROINumber, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
);
